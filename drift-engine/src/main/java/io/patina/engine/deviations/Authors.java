package io.patina.engine.deviations;

import io.patina.comparison.Difference;
import java.util.Optional;

/**
 * What the writing process says about the cause. A process chooses its own name: this is evidence,
 * not proof, and the text says what it rests on.
 */
final class Authors {

  private final CauseRules rules;

  Authors(CauseRules rules) {
    this.rules = rules;
  }

  boolean isPackageManager(WrittenBy writer) {
    return rules
        .trade(writer)
        .filter(t -> t.trade() == CauseRules.Trade.PACKAGE_MANAGER)
        .isPresent();
  }

  /** The cause, where whoever wrote decides it whatever else was under way. */
  Optional<Evidence> decisive(WrittenBy w, Difference difference) {
    boolean contained = !w.container().isEmpty() || !w.pod().isEmpty();
    if (contained) {
      return Optional.of(contained(w));
    }
    Optional<CauseRules.Known> trade = rules.trade(w);
    if (trade.isEmpty() && !w.root().isEmpty() && !isConfinedService(w)) {
      return Optional.of(
          evidence(
              Cause.DEBUG_SESSION, w.shown() + " in the changed root " + w.root(), person(w), w));
    }
    return trade
        .or(() -> rules.tradeOfUnit(w))
        .map(t -> byTrade(t, w, difference))
        .orElseGet(() -> bySession(w, difference));
  }

  /** Many daemons change their root to give up what they do not need. */
  private static boolean isConfinedService(WrittenBy w) {
    return w.unit().endsWith(".service") && w.loginUser().isEmpty();
  }

  private Evidence contained(WrittenBy w) {
    String where =
        w.pod().isEmpty()
            ? "container " + w.shownContainer()
            : "pod "
                + w.pod()
                + (w.container().isEmpty() ? "" : ", container " + w.shownContainer());
    String image = w.image().isEmpty() ? "" : ", image " + w.image();
    String actor = w.pod().isEmpty() ? w.container() : w.pod();
    if (rules.isDebugContainer(w)) {
      return evidence(Cause.DEBUG_SESSION, w.shown() + " of the debug " + where + image, actor, w);
    }
    if (!w.root().isEmpty()) {
      return evidence(
          Cause.DEBUG_SESSION,
          w.shown() + " of " + where + image + " in the changed root " + w.root(),
          actor,
          w);
    }
    // What runs containers is itself in their control groups, and never was in their mounts.
    if (w.inHostMounts() && !rules.isContainerRuntime(w)) {
      return evidence(
          Cause.DEBUG_SESSION,
          w.shown() + " of " + where + image + " that has entered the host's mounts",
          actor,
          w);
    }
    return evidence(Cause.CONTAINER, w.shown() + " of " + where + image, actor, w);
  }

  private Optional<Evidence> byTrade(CauseRules.Known trade, WrittenBy w, Difference difference) {
    return switch (trade.trade()) {
      // Whether the package has changed decides, not the name that a process gave itself.
      case PACKAGE_MANAGER -> Optional.empty();
      case CONFIG_MANAGEMENT ->
          Optional.of(evidence(Cause.CONFIG_MANAGEMENT, run(w, trade), trade.tool(), w));
      case PROVISIONING ->
          Optional.of(evidence(Cause.PROVISIONING, run(w, trade), trade.tool(), w));
      case IMAGE_UPDATE ->
          Optional.of(evidence(Cause.IMAGE_UPDATE, run(w, trade), trade.tool(), w));
      case EDITOR -> Optional.of(hand(w, difference));
    };
  }

  private Optional<Evidence> bySession(WrittenBy w, Difference difference) {
    // Without ancestors, a package's own script in the session that started it would look like a
    // hand: an older collector does not say, and what was under way then decides.
    return rules.isSession(w) && !w.ancestors().isEmpty()
        ? Optional.of(hand(w, difference))
        : Optional.empty();
  }

  /** Of what was found by what it is: with a login session behind it, a hand did it. */
  Evidence attributed(Evidence itself, WrittenBy w, Difference difference) {
    if (isPackageManager(w)) {
      return new Evidence(
          itself.cause(),
          "written by " + w.shown() + ", but no package that owns it has changed",
          "",
          itself.writer());
    }
    if (rules.isSession(w)) {
      return hand(w, difference);
    }
    return new Evidence(
        itself.cause(), "written by " + w.shown() + inUnit(w), itself.actor(), itself.writer());
  }

  /** What a hand did to units has a name of its own. */
  private Evidence hand(WrittenBy w, Difference difference) {
    Cause cause = UnitPaths.cause(difference).orElse(Cause.HAND_EDIT);
    return evidence(
        cause,
        w.shown()
            + (w.unit().isEmpty() ? "" : " in " + w.unit())
            + (w.loginUser().isPresent() ? ", login uid " + w.loginUser().getAsLong() : ""),
        person(w),
        w);
  }

  private static String run(WrittenBy w, CauseRules.Known trade) {
    return w.shown()
        + (w.shown().endsWith(trade.name()) || trade.name().equals(w.unit())
            ? ""
            : ", started by " + trade.name())
        + inUnit(w);
  }

  private static String inUnit(WrittenBy w) {
    return w.unit().isEmpty() ? "" : " in " + w.unit();
  }

  /** Who is meant where the login is known; else the session. */
  private static String person(WrittenBy w) {
    return w.loginUser().isPresent() ? "login uid " + w.loginUser().getAsLong() : w.unit();
  }

  private static Evidence evidence(Cause cause, String who, String actor, WrittenBy w) {
    return new Evidence(cause, "written by " + who, actor, Optional.of(w));
  }
}
