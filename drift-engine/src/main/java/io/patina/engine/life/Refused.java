package io.patina.engine.life;

import io.patina.engine.problems.Problem;

/** Why a step was not taken, as the API says it. */
public final class Refused {

  private Refused() {}

  /**
   * The problem.
   *
   * @param outcome of the step; one that was done is none
   * @param subject who wanted it
   */
  public static Problem problem(Life.Outcome outcome, Step step, String subject) {
    return switch (outcome) {
      case Life.Done done -> throw new IllegalArgumentException("it was done: " + done.stage());
      case Life.Unknown() -> unknown();
      case Life.Impossible(Stage stage) ->
          Problem.conflict("It is " + stage.wireName() + ". " + Lives.possible(stage));
      case Life.ManifestMissing(String manifest) ->
          Problem.conflict(
              "Its manifest "
                  + manifest
                  + " is in no configured store yet. Put it there and ask again.");
      case Life.Untrusted(String reason) ->
          Problem.conflict("Its signature does not count any more: " + reason + ".");
      case Life.UnderWay(String version) ->
          Problem.conflict(
              "Version " + version + " is being rolled out. Finish that or roll it back first.");
      case Life.NothingBefore() ->
          Problem.conflict(
              "No version of it is active from which hosts could come to this one."
                  + " Activate it instead.");
      case Life.OwnWork(String author) ->
          Problem.forbidden(
              subject
                  + " wrote or handed in this baseline (author "
                  + author
                  + "). Somebody else approves it.");
      case Life.Ambiguous a ->
          Problem.conflict(
              "Hosts could find it and "
                  + String.join(", ", a.rivals())
                  + " equally for them: all have precedence "
                  + a.precedence()
                  + ". "
                  + (step == Step.APPROVE
                      ? "Give another with the approval, or retire one of them."
                      : "Retire one of them."));
    };
  }

  /** No such baseline. */
  public static Problem unknown() {
    return Problem.notFound("No baseline has this name and version.");
  }
}
