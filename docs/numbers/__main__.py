"""Carry out the jobs that are not up to date, and fill in the pages; exit code 1 if something could not be made."""

import argparse
import sys
from fnmatch import fnmatchcase

from docs.numbers.jobs import JOBS, carry_out, stale
from docs.numbers.marks import PAGES, fill


def main() -> int:
    """Carry out, fill in."""
    parser = argparse.ArgumentParser(prog="python -m docs.numbers", description=__doc__)
    parser.add_argument(
        "job", nargs="?", help="make this one again, or those of a pattern such as 'scenarios/*'"
    )
    parser.add_argument(
        "--list", action="store_true", help="say what is not up to date, and why; make nothing"
    )
    parser.add_argument("--fill", action="store_true", help="only fill in the pages from what is there")
    parser.add_argument(
        "--quick", action="store_true", help="make small results, to try pages out: they stay stale"
    )
    given = parser.parse_args()
    chosen = [job for job in JOBS.values() if given.job is None or fnmatchcase(job.name, given.job)]
    if not chosen:
        print(f"{given.job}: no job is called so; docs/numbers/jobs.yaml names them", file=sys.stderr)
        return 2
    failed = []
    for job in [] if given.fill else chosen:
        why = stale(job, given.quick) if given.job is None or given.list else "asked for"
        if why:
            print(f"{job.name}: {why}", flush=True)
        if why and not given.list and (fault := carry_out(job, given.quick)):
            failed.append(f"{job.name}: {fault}")
    if not given.list:
        failed += [fault for page in PAGES for fault in fill(page)]
    print("\n".join(failed), file=sys.stderr, end="\n" * bool(failed))
    return 1 if failed else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("cut short; the same command goes on from there")
