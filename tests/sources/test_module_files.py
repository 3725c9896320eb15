"""Files that Terraform reads beside the one that is named, as far as they change what it says.

Sources: https://developer.hashicorp.com/terraform/language/files/override and
https://developer.hashicorp.com/terraform/language/values/variables#variable-definition-precedence.
"""

import os

import pytest
from source_texts import codes, document, read

MAIN = """
variable "nets" { default = ["10.0.0.0/8"] }
resource "aws_api_gateway_rest_api" "a" {
  policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect = "Allow", Principal = "*", Action = "execute-api:Invoke", Resource = "execute-api:/*",
    Condition = { IpAddress = { "aws:SourceIp" = var.nets } }
  }] })
}
"""
OTHER = 'resource "aws_api_gateway_rest_api" "a" {\n  description = "x"\n}\n'


@pytest.fixture
def found(tmp_path):
    """Reads a module of main.tf and further files, by their names."""

    def reading(more, main=MAIN, name="main.tf", **parameters):
        for other, text in {name: main, **more}.items():
            (tmp_path / other).write_text(text)
        (one,) = read(main, str(tmp_path / name), **parameters).values()
        return one

    return reading


def nets(one):
    return document(one)["Statement"][0]["Condition"]["IpAddress"]["aws:SourceIp"]


@pytest.mark.parametrize(
    "more",
    [
        {"override.tf": OTHER},
        {"a_override.tf": 'variable "nets" {\n  default = []\n}\n'},
        {"override.tf.json": "{}"},
        {"z_override.tf": "resource {{"},
    ],
)
def test_an_override_file_is_an_error(found, more):
    assert codes(found(more)) == ["OVERRIDE_FILE"]


def test_the_policy_of_an_override_file_is_one_too(found):
    assert codes(found({}, name="override.tf")) == ["OVERRIDE_FILE"]


@pytest.mark.parametrize(
    "more",
    [
        {"override.tf": 'provider "aws" {\n  region = "eu-west-1"\n}\n'},
        {"myoverride.tf": "", ".override.tf": OTHER},
        {"other.tfvars": 'nets = ["0.0.0.0/0"]\n'},
        {"terraform.tfvars": "region = 1\n"},
        {".hidden.tf": 'variable "nets" { default = ["0.0.0.0/0"] }'},
    ],
)
def test_other_files_change_nothing(found, more):
    assert nets(found(more)) == ["10.0.0.0/8"]


@pytest.mark.parametrize(
    "more",
    [
        {"terraform.tfvars": 'nets = ["0.0.0.0/0"]\n'},
        {"x.auto.tfvars": 'nets = ["0.0.0.0/0"]\n'},
        {"terraform.tfvars.json": "{}"},
        {"x.auto.tfvars.json": "{}"},
    ],
)
def test_a_default_does_not_count_where_a_file_assigns_the_variable(found, more):
    assert codes(found(more)) == ["UNRESOLVED_REFERENCE"]
    assert nets(found(more, **{"var.nets": '["192.0.2.0/24"]'})) == ["192.0.2.0/24"]


def test_a_hidden_file_declares_nothing(found):
    main = MAIN.replace('variable "nets" { default = ["10.0.0.0/8"] }', "")
    more = {".hidden.tf": 'variable "nets" { default = ["10.0.0.0/8"] }'}
    assert codes(found(more, main)) == ["UNRESOLVED_REFERENCE"]


def test_a_link_out_of_the_directory_is_not_read(found, tmp_path_factory, tmp_path):
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "secret.tf"
    elsewhere.write_text('locals { nets = ["192.0.2.77/32"] }\n')
    (tmp_path / "beside.tf").symlink_to(elsewhere)
    main = MAIN.replace("var.nets", "local.nets")
    one = found({}, main)
    assert codes(one) == ["UNRESOLVED_REFERENCE"]
    assert "192.0.2.77" not in str(one)


def test_a_link_within_the_directory_is_read(found, tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "nets.tf").write_text('locals { nets = ["192.0.2.77/32"] }\n')
    (tmp_path / "beside.tf").symlink_to("sub/nets.tf")
    assert nets(found({}, MAIN.replace("var.nets", "local.nets"))) == ["192.0.2.77/32"]


def test_pipes_and_directories_beside_are_not_waited_for(found, tmp_path):
    os.mkfifo(tmp_path / "pipe.tf")
    (tmp_path / "directory.tf").mkdir()
    assert nets(found({})) == ["10.0.0.0/8"]


@pytest.mark.parametrize(
    ("at", "call", "counts"),
    [
        ("main.tf", 'source = "./modules/api"\n nets = ["0.0.0.0/0"]', False),
        ("modules/x.tf", 'source = "../modules/api/"\n nets = var.other', False),
        ("main.tf", 'source = "./modules/api"\n other = 1', True),
        ("main.tf", 'source = "./modules/apis"\n nets = 1', True),
        ("main.tf", 'source = "registry/modules/api"\n nets = 1', True),
        ("main.txt", 'source = "./modules/api"\n nets = 1', True),
        ("main.tf", 'source = "./modules/api" {\n nets = 1', True),
    ],
)
def test_a_default_does_not_count_where_a_module_block_above_gives_the_variable(
    at, call, counts, tmp_path
):
    """Source: https://developer.hashicorp.com/terraform/language/modules/sources#local-paths."""
    path = tmp_path / "modules" / "api" / "main.tf"
    path.parent.mkdir(parents=True)
    path.write_text(MAIN)
    (tmp_path / at).write_text(f'module "a" {{\n {call}\n}}\n')
    (one,) = read(MAIN, str(path)).values()
    if counts:
        assert nets(one) == ["10.0.0.0/8"]
    else:
        assert codes(one) == ["UNRESOLVED_REFERENCE"]


def test_a_pipe_above_is_not_waited_for(tmp_path):
    path = tmp_path / "api" / "main.tf"
    path.parent.mkdir()
    path.write_text(MAIN)
    os.mkfifo(tmp_path / "pipe.tf")
    (tmp_path / "directory.tf").mkdir()
    (one,) = read(MAIN, str(path)).values()
    assert nets(one) == ["10.0.0.0/8"]
