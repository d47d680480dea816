package io.patina.collector.hosts;

import picocli.CommandLine.Command;

/** {@code host}: enrolment, approval, labels and revocation. */
@Command(
    name = "host",
    description = "Who may speak for which host: asks the engine, and decides there.",
    subcommands = {
      TokenCommands.Make.class,
      TokenCommands.List.class,
      TokenCommands.Revoke.class,
      ListCommand.Knocking.class,
      ListCommand.Unapproved.class,
      ListCommand.Lives.class,
      DecisionCommand.Admit.class,
      DecisionCommand.Approve.class,
      DecisionCommand.Join.class,
      DecisionCommand.Revoke.class,
      DecisionCommand.Label.class
    },
    mixinStandardHelpOptions = true)
public final class HostCommand {}
