"""Compose the stacks of one stage in the order in which they depend on each other."""

from __future__ import annotations

import aws_cdk as cdk
from cdk_nag import AwsSolutionsChecks

from stacks.api import ApiStack
from stacks.data import DataStack
from stacks.foundation import FoundationStack
from stacks.market import MarketStack
from stacks.research import ResearchStack
from stacks.stage import Stage, read_stage
from stacks.trading import TradingStack
from stacks.web import WebStack


def build_application(app: cdk.App) -> cdk.App:
    """Add every stack of the stage named in the app's context, and return the app."""
    stage = read_stage(app.node)
    foundation = FoundationStack(app, stage.stack_id("Foundation"), stage=stage)
    data = DataStack(app, stage.stack_id("Data"), stage=stage, foundation=foundation)
    MarketStack(app, stage.stack_id("Market"), stage=stage, data=data)
    TradingStack(app, stage.stack_id("Trading"), stage=stage, data=data)
    research = ResearchStack(app, stage.stack_id("Research"), stage=stage, data=data)
    api = ApiStack(app, stage.stack_id("Api"), stage=stage, data=data, research=research)
    WebStack(app, stage.stack_id("Web"), stage=stage, foundation=foundation, api=api)
    cdk.Tags.of(app).add("product", "quantumzero")
    cdk.Tags.of(app).add("stage", stage.name)
    if _is_checked(app, stage):
        cdk.Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    return app


def _is_checked(app: cdk.App, stage: Stage) -> bool:
    """Check whatever goes to an account; the local stage asks for it with `-c nag=true`."""
    return not stage.is_local or app.node.try_get_context("nag") == "true"
