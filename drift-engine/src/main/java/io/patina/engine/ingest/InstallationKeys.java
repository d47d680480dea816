package io.patina.engine.ingest;

import com.google.protobuf.ByteString;
import io.patina.engine.state.Installation;
import java.util.UUID;

/** Which key may speak for an installation. Enrolment can take the place of the simple answer. */
public interface InstallationKeys {

  /** Whether an installation that nobody knows yet may appear with this key. */
  boolean admits(UUID installation, ByteString publicKey);

  /** Whether this key speaks for an installation that is known. */
  boolean speaksFor(Installation installation, ByteString publicKey);
}
