package io.patina.collector.hosts;

import io.patina.collector.decisions.RetirementCommands;
import picocli.CommandLine.Command;

/** {@code host}: enrolment, approval, labels, revocation and retirement. */
@Command(
    name = "host",
    description = "Who may speak for which host: asks the engine, and decides there.",
    subcommands = {
      TokenCommands.Make.class,
      TokenCommands.Listing.class,
      TokenCommands.Revoke.class,
      ListCommand.Knocking.class,
      ListCommand.Unapproved.class,
      ListCommand.Lives.class,
      DecisionCommand.Admit.class,
      DecisionCommand.Approve.class,
      DecisionCommand.Join.class,
      DecisionCommand.Revoke.class,
      DecisionCommand.Label.class,
      RetirementCommands.Retire.class,
      RetirementCommands.Retired.class
    },
    mixinStandardHelpOptions = true)
public final class HostCommand {}
