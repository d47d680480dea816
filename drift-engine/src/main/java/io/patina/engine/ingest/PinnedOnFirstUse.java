package io.patina.engine.ingest;

import com.google.protobuf.ByteString;
import io.patina.engine.state.Installation;
import jakarta.inject.Singleton;
import java.util.UUID;

/** The first key seen for an installation is its key for ever. */
@Singleton
public final class PinnedOnFirstUse implements InstallationKeys {

  @Override
  public boolean admits(UUID installation, ByteString publicKey) {
    return true;
  }

  @Override
  public boolean speaksFor(Installation installation, ByteString publicKey) {
    return installation.publicKey().equals(publicKey);
  }
}
