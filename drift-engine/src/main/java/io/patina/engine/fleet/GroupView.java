package io.patina.engine.fleet;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Deviations of one cause and actor at one time on one host, as the API and the pages show them.
 *
 * @param actor whose doing it is: a login, a pod, a tool; null where nobody is known
 * @param because what the cause rests on; null where it follows from what differs
 * @param open how many of them are open and listed
 * @param deviations how many ever belonged to it, those that are not listed too
 * @param onset of the first
 * @param latest onset of the last
 * @param toldAt when it was notified of; null while its cause may still change, and while a
 *     maintenance or a waiver holds it back
 * @param acknowledgement what was said of it last; null if nothing was
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record GroupView(
    String id,
    String host,
    String cause,
    @Nullable String actor,
    @Nullable String because,
    long open,
    long deviations,
    DeviationView.Between onset,
    Instant latest,
    Instant observedAt,
    Instant recordedAt,
    @Nullable Instant toldAt,
    @Nullable Acknowledgement acknowledgement) {

  /**
   * What a person said of a group.
   *
   * @param by who, as they call themselves
   * @param ticket where it is dealt with; may be empty
   * @param authorised whether it was meant to be done
   */
  public record Acknowledgement(
      String by, String ticket, boolean authorised, String note, Instant at) {}
}
