package io.patina.engine.deviations;

import com.google.protobuf.ByteString;
import io.patina.comparison.Difference;
import io.patina.comparison.DriftSignature;
import io.patina.facts.FactKey;
import io.patina.manifest.Digest;
import io.patina.verdict.DriftClass;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Differences that many hosts have alike, kept once and named by their content. Does not change,
 * safe for threads.
 */
public final class DriftSet {

  /**
   * One of them.
   *
   * @param evidence of its cause; without a writer, who is one host's alone
   * @param canonical of the difference
   */
  public record Member(
      Difference difference, DriftClass driftClass, Evidence evidence, ByteString canonical) {

    static Member of(Deviation d) {
      return new Member(
          d.difference(), d.driftClass(), d.evidence().withoutWriter(), d.difference().canonical());
    }

    FactKey key() {
      return difference.key();
    }

    /** Whether that is what this says. Hosts that are compared alike share their differences. */
    boolean isAs(Deviation d) {
      return difference.isAs(d.difference()) && evidence.equals(d.evidence().withoutWriter());
    }
  }

  private final Digest id;
  private final Digest baseline;
  private final List<Member> members;
  private final Map<FactKey, Integer> numbers;
  private @Nullable DriftSignature signature;

  private DriftSet(Digest id, Digest baseline, List<Member> members) {
    this.id = id;
    this.baseline = baseline;
    this.members = List.copyOf(members);
    this.numbers = HashMap.newHashMap(members.size());
    for (int number = 0; number < members.size(); number++) {
      numbers.put(members.get(number).key(), number);
    }
  }

  /**
   * The set of these.
   *
   * @param baseline statement that they were found against
   */
  static DriftSet of(Digest baseline, Collection<Deviation> deviations) {
    return ofMembers(baseline, deviations.stream().map(Member::of).toList());
  }

  static DriftSet ofMembers(Digest baseline, Collection<Member> members) {
    List<Member> sorted = new ArrayList<>(members);
    sorted.sort(Comparator.comparing(Member::key));
    MessageDigest sha256 = Digest.sha256();
    for (Member m : sorted) {
      put(sha256, m.canonical().toByteArray());
      put(sha256, m.evidence().cause().wireName().getBytes(StandardCharsets.UTF_8));
      put(sha256, m.evidence().because().getBytes(StandardCharsets.UTF_8));
      put(sha256, m.evidence().actor().getBytes(StandardCharsets.UTF_8));
    }
    return new DriftSet(new Digest(ByteString.copyFrom(sha256.digest())), baseline, sorted);
  }

  private static void put(MessageDigest sha256, byte[] bytes) {
    sha256.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
    sha256.update(bytes);
  }

  public Digest id() {
    return id;
  }

  /** Statement that it was first found against. */
  public Digest baseline() {
    return baseline;
  }

  /** In the order of their keys. */
  public List<Member> members() {
    return members;
  }

  /** Opens all members: summed up once, whichever hosts have them. */
  synchronized void openIn(DriftSignature all) {
    DriftSignature known = signature;
    if (known == null) {
      known = new DriftSignature();
      for (Member m : members) {
        known.open(m.difference());
      }
      signature = known;
    }
    all.openAll(known);
  }

  /** The number of a key's member; negative if there is none. */
  int number(FactKey key) {
    return numbers.getOrDefault(key, -1);
  }
}
