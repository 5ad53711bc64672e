"""From a question to a finding: what an experiment declares, how it is sized, carried out, kept and read again."""
