"""The numbers of the documentation: jobs that make them, what the jobs left, and marks that show it on the pages.

`make numbers` carries out every job of `jobs.yaml` whose inputs are not those that its results were made from, and
fills in every mark of every page; `make numbers JOB='scenarios/*'` makes some jobs again, whatever their inputs.
"""
