package io.patina.collector.live;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.ByteString;
import io.patina.collector.reports.Finding;
import io.patina.collector.reports.HostState;
import io.patina.facts.Attributes;
import io.patina.facts.Entry;
import io.patina.facts.FactKey;
import io.patina.manifest.Digest;
import io.patina.manifest.Manifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DraftTest {
  private static final Digest SCOPE = Digest.of(ByteString.copyFromUtf8("scope"));

  private final HostState state =
      new HostState(Manifest.of(SCOPE, List.of(entry("/a", "1"), entry("/c", "1"))));
  private final Draft draft = new Draft(state);

  private static Entry entry(String path, String size) {
    return Entry.of(key(path), new Attributes.Builder().text("size", size).build());
  }

  private static FactKey key(String path) {
    return FactKey.file(ByteString.copyFromUtf8(path));
  }

  private List<Entry> all() {
    List<Entry> all = new ArrayList<>();
    draft.from(key("/")).forEachRemaining(all::add);
    return all;
  }

  @Test
  void itIsTheStateWithWhatWasFound() {
    draft.add(new Finding.Is(entry("/b", "2"), 7));
    draft.add(new Finding.IsAbsent(key("/c"), 8));
    assertEquals(Optional.of(entry("/b", "2")), draft.find(key("/b")));
    assertEquals(Optional.empty(), draft.find(key("/c")));
    assertEquals(List.of(entry("/a", "1"), entry("/b", "2")), all());
    assertEquals(Optional.of(entry("/c", "1")), state.find(key("/c")));
  }

  /** A file that went and came back as it was, between two deltas: there it is. */
  @Test
  void theLastWordAboutAPathStands() {
    draft.add(new Finding.IsAbsent(key("/a"), 7));
    draft.add(new Finding.Is(entry("/b", "2"), 8));
    draft.add(new Finding.Is(entry("/a", "1"), 9));
    List<Finding> findings = draft.findings();
    assertEquals(
        List.of(new Finding.Is(entry("/a", "1"), 9), new Finding.Is(entry("/b", "2"), 8)),
        findings);
    findings.forEach(state::apply);
    assertEquals(all(), List.of(entry("/a", "1"), entry("/b", "2"), entry("/c", "1")));
    assertEquals(3, state.size());
  }
}
