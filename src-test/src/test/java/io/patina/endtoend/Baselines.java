package io.patina.endtoend;

import com.google.protobuf.ByteString;
import io.patina.endtoend.line.Await;
import io.patina.endtoend.line.TestLine;
import io.patina.endtoend.reports.ReportTopic;
import io.patina.golden.BaselineStatement;
import io.patina.signing.Envelope;
import io.patina.wire.Topics;
import java.time.Duration;
import java.util.concurrent.ExecutionException;

/** Brings signed baselines to the engine on the way that every baseline takes. */
final class Baselines {

  private Baselines() {}

  /** Sends the statement and waits until the API shows it active. */
  static void publish(TestLine line, ReportTopic topic, Envelope envelope)
      throws InterruptedException, ExecutionException {
    String statement = BaselineStatement.digest(envelope).hex();
    var unused =
        topic.send(
            Topics.BASELINES,
            BaselineStatement.digest(envelope).bytes(),
            ByteString.copyFromUtf8(envelope.json()));
    Await.until(
        "the baseline is active",
        Duration.ofSeconds(60),
        () ->
            line.api().all("api/v1/baselines").stream()
                .anyMatch(
                    b ->
                        b.path("statement").asText().equals(statement)
                            && b.path("state").asText().equals("active")));
  }
}
