"""Findings made into figures, tables and sentences; nothing here simulates."""
