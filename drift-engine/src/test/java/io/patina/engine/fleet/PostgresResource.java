package io.patina.engine.fleet;

import com.google.protobuf.ByteString;
import io.patina.signing.SigningKey;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;

/** A real PostgreSQL with the engine's schema, for tests that start the engine. */
public final class PostgresResource implements QuarkusTestResourceLifecycleManager {

  /** What a write needs in tests. */
  public static final String TOKEN = "a-token-that-is-long-enough";

  /** Signs the baselines that the engine trusts. */
  public static final SigningKey SIGNER = SigningKey.ofSeed(ByteString.copyFrom(new byte[32]));

  private @Nullable EmbeddedPostgres postgres;

  @Override
  public Map<String, String> start() {
    try {
      EmbeddedPostgres started = EmbeddedPostgres.builder().start();
      postgres = started;
      Flyway.configure()
          .dataSource(started.getPostgresDatabase())
          .locations("classpath:db/migration")
          .load()
          .migrate();
      Path token = Files.createTempFile("patina-token", "");
      token.toFile().deleteOnExit();
      Files.writeString(token, TOKEN + "\n");
      Path catalogue = Files.createTempDirectory("patina-catalogue");
      Path roots = Files.createDirectories(catalogue.resolve("roots"));
      Files.writeString(roots.resolve("a.pem"), SIGNER.publicKey().pem());
      return Map.of(
          "patina.catalogue.trust-roots",
          roots.toString(),
          "patina.catalogue.store",
          catalogue.resolve("store").toString(),
          "quarkus.datasource.jdbc.url",
          started.getJdbcUrl("postgres", "postgres"),
          // There is no broker: the outbox is not to hold up the end.
          "mp.messaging.outgoing.outbox.max.block.ms",
          "200",
          "quarkus.datasource.username",
          "postgres",
          "quarkus.datasource.password",
          "postgres",
          "patina.access.token-file",
          token.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void stop() {
    if (postgres != null) {
      try {
        postgres.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
