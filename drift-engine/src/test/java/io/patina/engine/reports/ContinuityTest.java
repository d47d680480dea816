package io.patina.engine.reports;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.google.protobuf.ByteString;
import io.patina.engine.reports.Continuity.Answer;
import io.patina.engine.state.Contact;
import io.patina.wire.v1.Announcement;
import io.patina.wire.v1.Report;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ContinuityTest {

  private static final UUID CURRENT = new UUID(1, 1);
  private static final UUID OTHER = new UUID(2, 2);

  private static ByteString signature(int of) {
    return ByteString.copyFrom(new byte[64])
        .concat(ByteString.EMPTY)
        .substring(0, 7)
        .concat(ByteString.copyFrom(new byte[] {(byte) of}))
        .concat(ByteString.copyFrom(new byte[56]));
  }

  private static Contact after(int last) {
    ByteString recent = ByteString.EMPTY;
    for (int i = 1; i <= last; i++) {
      recent = Continuity.remember(recent, signature(i));
    }
    return new Contact(Instant.EPOCH, Instant.EPOCH, Instant.EPOCH, CURRENT, last, recent, 300);
  }

  private static Answer of(Contact c, UUID incarnation, long sequence, int signature) {
    return Continuity.of(c, incarnation, sequence, signature(signature), Optional.empty());
  }

  @Test
  void theNextNumberIsNextAndALaterOneLeavesAGap() {
    assertInstanceOf(Answer.Next.class, of(after(5), CURRENT, 6, 6));
    assertEquals(new Answer.Gap(2), of(after(5), CURRENT, 8, 8));
  }

  @Test
  void theSameReportAgainIsADuplicateAndAnotherUnderItsNumberAContradiction() {
    for (int back = 0; back < 5; back++) {
      assertInstanceOf(Answer.Duplicate.class, of(after(5), CURRENT, 5 - back, 5 - back));
      assertInstanceOf(Answer.Contradiction.class, of(after(5), CURRENT, 5 - back, 77));
    }
  }

  @Test
  void aNumberBeyondMemoryIsADuplicate() {
    assertInstanceOf(Answer.Duplicate.class, of(after(50), CURRENT, 2, 77));
  }

  @Test
  void aMachineThatCountsFromAnEarlierMomentIsAContradictionAndALateCopyIsNot() {
    Instant seen = Instant.parse("2026-11-25T12:00:10Z");
    Instant said = Instant.parse("2026-11-25T12:00:09Z");
    Contact c = new Contact(seen, said, said, CURRENT, 500, after(16).recent(), 300);
    assertInstanceOf(
        Answer.Duplicate.class, of(c, made(20, said.minusSeconds(60), seen.plusSeconds(5))));
    assertInstanceOf(
        Answer.Contradiction.class, of(c, made(20, said.plusSeconds(30), seen.plusSeconds(31))));
    // A clock ahead of the broker's says nothing: all that is known of it is the broker's time.
    Contact ahead = new Contact(seen, seen, seen, CURRENT, 500, after(16).recent(), 300);
    assertInstanceOf(
        Answer.Duplicate.class, of(ahead, made(20, seen.plusSeconds(30), seen.plusSeconds(31))));
  }

  private static Answer of(Contact contact, Decoded.Accepted report) {
    return Continuity.of(contact, report, Optional.empty());
  }

  private static Decoded.Accepted made(long sequence, Instant at, Instant appended) {
    return new Decoded.Accepted(
        new Arrival(0, 1, appended, ByteString.EMPTY, ByteString.EMPTY),
        OTHER,
        CURRENT,
        Report.newBuilder().setSequence(sequence).setSignature(signature(99)).build(),
        new Content.Announced(Announcement.getDefaultInstance()),
        at,
        at);
  }

  @Test
  void aNewIncarnationIsAStart() {
    assertEquals(new Answer.Started(0), of(after(5), OTHER, 1, 1));
    assertEquals(new Answer.Started(3), of(after(5), OTHER, 4, 1));
  }

  @Test
  void anIncarnationThatWasReplacedMayOnlyRepeatItself() {
    assertInstanceOf(
        Answer.Replayed.class, Continuity.of(after(5), OTHER, 9, signature(1), Optional.of(9L)));
    assertInstanceOf(
        Answer.Contradiction.class,
        Continuity.of(after(5), OTHER, 10, signature(1), Optional.of(9L)));
  }
}
