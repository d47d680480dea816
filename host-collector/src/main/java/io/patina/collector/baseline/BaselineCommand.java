package io.patina.collector.baseline;

import picocli.CommandLine.Command;

/** {@code baseline}: makes, signs, compares and translates golden baselines. */
@Command(
    name = "baseline",
    description = "Makes, signs, compares and translates golden baselines; needs no engine.",
    subcommands = {
      KeygenCommand.class,
      SignCommand.class,
      VerifyCommand.class,
      ImportCommand.class,
      ExportCommand.class,
      DiffCommand.class,
      LintCommand.class,
      PromoteCommand.class
    },
    mixinStandardHelpOptions = true)
public final class BaselineCommand {}
