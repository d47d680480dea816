package io.patina.stack.line;

import io.patina.signing.InvalidKeyException;
import io.patina.signing.SigningKey;
import io.patina.stack.broker.TopicSettings;
import io.patina.stack.database.Database;
import io.patina.stack.fleetload.FleetMeasurement;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Pages and API over a fleet of a million hosts, and a bad baseline for some of them. */
@Command(
    name = "fleet",
    description = {
      "Writes a fleet into the database of a line that is up, sends its heartbeats,",
      "and prints how long pages and API take meanwhile; then gives a bad baseline",
      "to some of its hosts and prints what is written and what becomes of ingest.",
      "One line of JSON per figure. Use a line of its own:",
      "  PATINA_ENGINE_HEAP=1g PATINA_INGEST_HOSTS_IN_MEMORY=2000 \\",
      "    ./patina up --detach --data /tmp/fleet",
      "  ./patina bench fleet --data /tmp/fleet",
      "  ./patina down --purge --data /tmp/fleet"
    },
    mixinStandardHelpOptions = true)
final class FleetBenchCommand implements Callable<Integer> {

  @Mixin private Line.Where where = new Line.Where();

  @Option(
      names = "--hosts",
      paramLabel = "N",
      description = "With one open deviation each (default: 1000000).")
  private int hosts = 1_000_000;

  @Option(
      names = "--bad",
      paramLabel = "N",
      description = "Hosts more, which get the bad baseline (default: 10000).")
  private int bad = 10_000;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "Heartbeats a second (default: 3333, every host every 5 min).")
  private double rate = 3333;

  @Option(
      names = "--times",
      paramLabel = "N",
      description = "How often each route is asked (default: 300).")
  private int times = 300;

  @Override
  public Integer call() throws IOException, SQLException, InterruptedException {
    DataDirectory data = where.directory();
    Optional<LineState> state =
        LineState.read(data.run("state.json")).filter(s -> s.phase() == LineState.Phase.RUNNING);
    Optional<Ports> ports = Ports.read(data.run("ports"));
    if (state.isEmpty() || ports.isEmpty()) {
      System.err.println(
          "patina: No line is up in "
              + data.root()
              + "; start it with "
              + Line.command("up --detach", data));
      return 1;
    }
    if (hosts < 1 || bad < 1 || rate <= 0 || times < 2) {
      System.err.println("patina: --hosts, --bad and --rate are above 0, --times above 1.");
      return 1;
    }
    Database database = Database.prepare(data.data("postgres"), ports.get().database());
    Path key = data.data("keys").resolve("as-shipped.pem");
    try {
      new FleetMeasurement(
              new FleetMeasurement.Where(
                  URI.create(state.get().page()),
                  "127.0.0.1:" + ports.get().broker(),
                  database.jdbcUrl(),
                  database.user(),
                  database.password(),
                  Files.readString(data.run("token")).strip(),
                  SigningKey.ofPem(Files.readString(key)),
                  data.store(),
                  TopicSettings.REPORT_PARTITIONS),
              new FleetMeasurement.Size(hosts, bad, rate, times),
              System.out)
          .run();
      return 0;
    } catch (InvalidKeyException e) {
      System.err.println("patina: " + key + " cannot be used: " + e.getMessage());
      return 1;
    }
  }
}
