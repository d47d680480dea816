package io.patina.engine.catalogue;

import io.patina.manifest.Digest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Envelopes that are not trusted now and may be once it is known that they were approved in time:
 * the topic of decisions may be behind. The latest few, for who writes to the topic is not trusted
 * with memory. Safe for threads.
 */
final class SetAside {

  private static final int MOST = 200;
  private static final int LONGEST = 1 << 16;

  private final Map<Digest, String> envelopes =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Digest, String> eldest) {
          return size() > MOST;
        }
      };

  synchronized void put(Digest statement, String envelope) {
    if (envelope.length() <= LONGEST) {
      envelopes.put(statement, envelope);
    }
  }

  synchronized Optional<String> find(Digest statement) {
    return Optional.ofNullable(envelopes.get(statement));
  }

  synchronized void remove(Digest statement) {
    envelopes.remove(statement);
  }
}
