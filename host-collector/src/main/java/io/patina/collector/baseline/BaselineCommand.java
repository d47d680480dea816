package io.patina.collector.baseline;

import picocli.CommandLine.Command;

/** {@code baseline}: makes, signs, compares and translates golden baselines. */
@Command(
    name = "baseline",
    description =
        "Makes, signs, compares and translates golden baselines; asks the engine about them.",
    subcommands = {
      KeygenCommand.class,
      SignCommand.class,
      VerifyCommand.class,
      ImportCommand.class,
      ExportCommand.class,
      DiffCommand.class,
      LintCommand.class,
      PreviewCommand.class,
      ExplainCommand.class,
      StepCommand.Approve.class,
      StepCommand.Activate.class,
      StepCommand.Retire.class,
      RolloutCommand.class,
      PromoteCommand.class
    },
    mixinStandardHelpOptions = true)
public final class BaselineCommand {}
