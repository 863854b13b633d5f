"""Choose the stage and instantiate its stacks: `npx cdk synth -c stage=local|paper|live`."""

import aws_cdk as cdk

from stacks.application import build_application

build_application(cdk.App()).synth()
