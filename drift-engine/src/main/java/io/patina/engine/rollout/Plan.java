package io.patina.engine.rollout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * How a rollout is to go.
 *
 * @param byItself whether the next wave follows by itself once one conforms
 */
public record Plan(List<Wave> waves, boolean byItself) {

  private static final int MOST_WAVES = 100;
  private static final int MOST_LABELS = 20;
  private static final Duration LONGEST = Duration.ofDays(365);

  public Plan {
    waves = List.copyOf(waves);
  }

  /** A wave as somebody asks for it. */
  public record Asked(OptionalInt percent, Map<String, String> labels, Duration within) {
    public Asked {
      labels = Map.copyOf(labels);
    }
  }

  /** What is wrong with a plan, for people. */
  public static final class Unusable extends Exception {
    private static final long serialVersionUID = 1;

    Unusable(String message) {
      super(message);
    }
  }

  /**
   * A plan of these waves, in this order.
   *
   * @throws Unusable saying which wave is wrong and what it should be
   */
  public static Plan of(List<Asked> asked, boolean byItself) throws Unusable {
    if (asked.isEmpty() || asked.size() > MOST_WAVES) {
      throw new Unusable("A rollout has 1 to " + MOST_WAVES + " waves.");
    }
    List<Wave> waves = new ArrayList<>();
    int percent = 0;
    for (Asked a : asked) {
      int number = waves.size() + 1;
      String wave = "Wave " + number;
      if (a.percent().isPresent() != a.labels().isEmpty() || a.labels().size() > MOST_LABELS) {
        throw new Unusable(
            wave + ": give either percent or labels, at most " + MOST_LABELS + " of them.");
      }
      if (a.percent().isPresent()) {
        int p = a.percent().getAsInt();
        if (p <= percent || p > 100) {
          throw new Unusable(
              wave
                  + ": percent is more than that of the waves before, "
                  + percent
                  + ", up to 100.");
        }
        percent = p;
      }
      if (a.within().compareTo(Duration.ofSeconds(1)) < 0 || a.within().compareTo(LONGEST) > 0) {
        throw new Unusable(wave + ": within is one second to 365 days, such as PT24H.");
      }
      waves.add(new Wave(number, a.percent(), a.labels(), a.within(), null, null));
    }
    return new Plan(waves, byItself);
  }
}
