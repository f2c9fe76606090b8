"""Commands for suppliers: `h2corridor sign key | files | fill`."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from h2corridor.cli.options import AsJson, print_json

sign = typer.Typer(help="Sign what you supply. 签署所提供的数据。", no_args_is_help=True)

_Party = Annotated[str, typer.Option("--party", help="Your party_id in parties.csv. 参与方编号。")]
_Key = Annotated[Path, typer.Option("--key", help="File of your key, made by `sign key`. 密钥文件。")]
_Dataset = Annotated[Path, typer.Argument(help="Folder of a trial data set. 试运行数据文件夹。")]


@sign.command("key")
def sign_key(
    party: _Party,
    out: Annotated[Path, typer.Option(help="File for the secret key; keep it. 密钥文件，请妥善保管。")],
    as_json: AsJson = False,
) -> None:
    """Make a key and print the line for signatures/keys.txt. 生成密钥。"""
    from h2corridor.app.sign import make_supplier_key

    signer = make_supplier_key(party, out, randomness=os.urandom)
    if as_json:
        print_json({"party_id": party, "key_file": str(out), "vkey": signer.vkey})
    else:
        sys.stdout.write(f"{party} {signer.vkey}\n")


@sign.command("files")
def sign_files_command(
    dataset: _Dataset,
    party: _Party,
    key: _Key,
    paths: Annotated[
        list[str] | None, typer.Argument(help="Files inside the data set; all by default. 文件，默认全部。")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Sign for files you supply; telemetry gets a note of its own. 签署所提供的文件。"""
    from h2corridor.app.sign import read_supplier_key, sign_files

    _say(sign_files(dataset, party, read_supplier_key(key), paths or []), as_json)


@sign.command("fill")
def sign_fill_command(
    dataset: _Dataset,
    refuelling_id: Annotated[str, typer.Argument(help="Its id in refuellings.csv. 加氢编号。")],
    key: _Key,
    as_json: AsJson = False,
) -> None:
    """Sign a fill you took part in, as carrier or as station. 签署一次加氢。"""
    from h2corridor.app.sign import read_supplier_key, sign_fill

    _say([sign_fill(dataset, refuelling_id, read_supplier_key(key))], as_json)


def _say(notes: list[str], as_json: bool) -> None:
    if as_json:
        print_json({"notes": notes})
    else:
        sys.stdout.write("".join(f"{note}\n" for note in notes))
