"""`python -m services.jobs api|worker|all|migrate`."""

from libs.common.runtime import main
from services.jobs.app import SERVICE

if __name__ == "__main__":
    main(SERVICE)
