"""A live page in a browser: levers, the answer that follows them, and single runs opened and lived otherwise.

`setting` is what a reader has set, `course` counts its runs step by step, `desk` shares courses among readers, and
`session` is one reader's page. Numbers are those of `spiral run` with the same setting, runs and seed: only when they
are told differs. Panel, of the extra `dashboard`, is imported where a page is drawn and served, and nowhere else.
"""
