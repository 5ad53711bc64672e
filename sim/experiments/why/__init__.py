"""What a spiral hung on: its deeds taken out, the smallest change, what would have tipped a run."""
