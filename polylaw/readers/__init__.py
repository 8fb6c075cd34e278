"""From specs and TOML files to flows; `polylaw.readers.flows` says what a file may say."""

from polylaw.readers.flows import expectations_of_file, flow_from_file, flow_of_data, flow_of_spec
from polylaw.readers.options import FlowOptions, flow_of

__all__ = ["FlowOptions", "expectations_of_file", "flow_from_file", "flow_of", "flow_of_data", "flow_of_spec"]
