"""Write the next migration by comparing the models with the migrations so far.

Run as ``python -m scripts.new_migration "what changes"``; read the result before committing it.
"""

import sys
import tempfile
from pathlib import Path

from alembic import command

from foundation import migrating
from foundation.db import make_engine


def main() -> None:
    """Migrate an empty database to the newest state and let Alembic write down what the models have beyond it."""
    message = sys.argv[1]
    count = len(list((migrating.FOLDER / "versions").glob("*.py")))
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{Path(folder) / 'empty.sqlite'}")
        migrating.upgrade(engine)
        with engine.connect() as connection:
            command.revision(migrating.config_for(connection), message, autogenerate=True, rev_id=f"{count + 1:04d}")


if __name__ == "__main__":
    main()
