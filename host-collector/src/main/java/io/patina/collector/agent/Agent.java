package io.patina.collector.agent;

import com.google.protobuf.ByteString;
import io.patina.collector.capture.Capture;
import io.patina.collector.delivery.Delivery;
import io.patina.collector.delivery.KafkaSettings;
import io.patina.collector.delivery.Pauses;
import io.patina.collector.embedded.EmbeddedBaseline;
import io.patina.collector.embedded.EngineHolds;
import io.patina.collector.files.KnownVersions;
import io.patina.collector.files.RootDirectory;
import io.patina.collector.files.WalkProgress;
import io.patina.collector.identity.Host;
import io.patina.collector.identity.HostClock;
import io.patina.collector.identity.Installation;
import io.patina.collector.identity.StateDirectory;
import io.patina.collector.identity.TokenFile;
import io.patina.collector.identity.UnusableIdentityException;
import io.patina.collector.live.LiveHost;
import io.patina.collector.live.Observed;
import io.patina.collector.live.Outlet;
import io.patina.collector.live.Pulse;
import io.patina.collector.live.ScanPolicy;
import io.patina.collector.live.Timing;
import io.patina.collector.metrics.CollectorMetrics;
import io.patina.collector.metrics.MetricsServer;
import io.patina.collector.mounts.MountProbe;
import io.patina.collector.publishing.AsShippedPublisher;
import io.patina.collector.reports.Farewell;
import io.patina.collector.reports.Reference;
import io.patina.collector.settings.CollectorSettings;
import io.patina.collector.spool.Outgoing;
import io.patina.collector.spool.Spool;
import io.patina.collector.watching.WatchMode;
import io.patina.collector.watching.Watching;
import io.patina.facts.Attributes;
import io.patina.packing.Scratch;
import io.patina.scope.DefaultScope;
import io.patina.scope.InvalidScopeException;
import io.patina.scope.Scope;
import io.patina.scope.ScopeFile;
import io.patina.signing.InvalidKeyException;
import io.patina.signing.SigningKey;
import io.patina.signing.TrustRoots;
import io.patina.wire.EnrolmentToken;
import io.patina.wire.v1.AnnouncementKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A collector that runs. */
public final class Agent {
  private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

  /** Of the collector, as reported. */
  public static final String VERSION = "0.1.0";

  private final StateDirectory state;
  private final RootDirectory root;
  private final Spool spool;
  private final Delivery delivery;
  private final LiveHost host;
  private final MetricsServer metrics;

  private Agent(
      StateDirectory state,
      RootDirectory root,
      Spool spool,
      Delivery delivery,
      LiveHost host,
      MetricsServer metrics) {
    this.state = state;
    this.root = root;
    this.spool = spool;
    this.delivery = delivery;
    this.host = host;
    this.metrics = metrics;
  }

  /**
   * Starts, and returns when the first scan is done and its snapshot spooled. Metrics answer, and
   * what an earlier start left in the spool is delivered, from before that.
   *
   * @param pulse beats from now on
   * @param opened run when nothing is left that a configuration could have wrong: before the first
   *     scan, which may take minutes
   */
  public static Agent start(CollectorSettings settings, Pulse pulse, Runnable opened)
      throws StartFailure {
    Path proc = Path.of("/proc");
    Scope scope = scope(settings);
    RootDirectory root = root(settings.root());
    try {
      StateDirectory state = state(settings.stateDirectory());
      Installation installation = state.installation(new SecureRandom());
      Optional<EnrolmentToken> token = token(settings);
      long starts = state.countStart();
      Reference reference =
          new Reference(state.room("reference"), settings.snapshot(), embedded(settings, state));
      boolean showsAnew = token.isPresent() && !TokenFile.wasShown(state, token.get().publicKey());
      if (showsAnew) {
        // Until now the engine may have refused everything: what it holds may be nothing.
        reference.forget();
      }
      Spool spool = spool(settings, state);
      Delivery delivery =
          new Delivery(
              spool,
              new KafkaSettings(settings.kafka()),
              Pauses.atStart(installation.id(), settings.startSpread()));
      LiveHost host =
          new LiveHost(
              observed(root, scope, proc),
              new Outlet(
                  installation,
                  installation.proving(
                      Host.read(settings.root(), settings.labels(), VERSION, starts), token),
                  new HostClock(Clock.systemUTC(), proc),
                  spool,
                  reference),
              timing(settings),
              watching(settings, root),
              publisher(settings, root, scope, installation, state),
              new ScanPolicy(
                  settings.cpuBudget() / 100.0,
                  settings.scanMaxRate(),
                  Scratch.in(state.room("scratch")),
                  Optional.of(state.room("scans"))));
      MetricsServer metrics =
          metrics(
              settings.metricsPort(),
              new CollectorMetrics(host::status, spool, delivery, Clock.systemUTC()));
      LOG.info(
          "event=started installation={} key={} state={} metrics-port={} spooled={}",
          installation.hex(),
          installation.key().publicKey().id(),
          state.path(),
          metrics.port(),
          spool.pending());
      delivery.start();
      host.beat(pulse);
      opened.run();
      host.start();
      if (showsAnew) {
        TokenFile.shown(state, token.get().publicKey());
      }
      return new Agent(state, root, spool, delivery, host, metrics);
    } catch (UnusableIdentityException e) {
      throw new StartFailure(
          e.getMessage()
              + "; put the file back from a backup, or remove the state directory to"
              + " begin as a new installation",
          e);
    } catch (IOException e) {
      throw new StartFailure(settings.stateDirectory() + ": " + e, e);
    }
  }

  /**
   * Checks what only a look at the files that a configuration names can tell.
   *
   * @throws StartFailure as {@link #start} would
   */
  public static void validate(CollectorSettings settings) throws StartFailure {
    Scope unused = scope(settings);
    root(settings.root()).close();
    try {
      var unusedToken = token(settings);
    } catch (IOException e) {
      throw new StartFailure(String.valueOf(e.getMessage()), e);
    }
    if (settings.embedded().isPresent()) {
      trust(settings.embedded().get().trust());
    }
    if (settings.asShipped().isPresent()) {
      SigningKey unusedKey = key(settings.asShipped().get().key());
    }
  }

  /**
   * Gives the installation on which no collector runs another key.
   *
   * @return name of the new one
   */
  public static String rotateKey(CollectorSettings settings) throws StartFailure {
    try (StateDirectory state = state(settings.stateDirectory())) {
      if (state.isNew()) {
        throw new StartFailure(
            settings.stateDirectory() + " holds no installation: there is no key to replace");
      }
      return state.rotateKey(new SecureRandom()).key().publicKey().id();
    } catch (UnusableIdentityException | IOException e) {
      throw new StartFailure(settings.stateDirectory() + ": " + e.getMessage(), e);
    }
  }

  /**
   * Says of a host on which no collector runs that it will not be heard again, and returns when
   * Kafka has it.
   *
   * @return false if Kafka did not take it in time; it stays in the spool then
   */
  public static boolean retire(CollectorSettings settings, Duration most)
      throws StartFailure, InterruptedException {
    Scope scope = scope(settings);
    try (StateDirectory state = state(settings.stateDirectory());
        Spool spool = spool(settings, state)) {
      if (state.isNew()) {
        throw new StartFailure(
            settings.stateDirectory() + " holds no installation: there is nothing to retire");
      }
      Installation installation = state.installation(new SecureRandom());
      HostClock clock = new HostClock(Clock.systemUTC(), Path.of("/proc"));
      Outgoing farewell = Farewell.retired(installation, scope.digest(), clock, new SecureRandom());
      Spool.Appending answer = spool.append(List.of(farewell));
      if (answer instanceof Spool.Appending.Full) {
        // Of a host that is not there any more nobody needs the steps.
        Spool.Dropped unused = spool.clear(0);
        answer = spool.append(List.of(farewell));
      }
      if (!(answer instanceof Spool.Appending.Kept)) {
        throw new StartFailure(
            "the spool in " + state.path() + " does not take the announcement; is the disk full?");
      }
      Delivery delivery = new Delivery(spool, new KafkaSettings(settings.kafka()), Duration.ZERO);
      delivery.start();
      boolean arrived = spool.awaitEmpty(most);
      delivery.end();
      return arrived;
    } catch (UnusableIdentityException | IOException e) {
      throw new StartFailure(settings.stateDirectory() + ": " + e.getMessage(), e);
    }
  }

  private static Optional<EnrolmentToken> token(CollectorSettings settings) throws IOException {
    return settings.enrolmentToken().isEmpty()
        ? Optional.empty()
        : TokenFile.read(settings.enrolmentToken().get());
  }

  private static Spool spool(CollectorSettings settings, StateDirectory state) throws IOException {
    Spool spool =
        Spool.open(
            state.room("spool"),
            new Spool.Bounds(settings.spoolMaxBytes(), settings.spoolMaxAge()),
            Clock.systemUTC());
    if (spool.damagedSegments() > 0) {
      LOG.info("event=spool-repaired torn-segments={}", spool.damagedSegments());
    }
    return spool;
  }

  private static Scope scope(CollectorSettings settings) throws StartFailure {
    Scope scope = DefaultScope.get();
    if (settings.scope().isPresent()) {
      Path file = settings.scope().get();
      try {
        scope = ScopeFile.parse(Files.readString(file));
      } catch (InvalidScopeException e) {
        throw new StartFailure("the scope " + file + ": " + e.getMessage(), e);
      } catch (IOException e) {
        throw new StartFailure("the scope " + file + " cannot be read: " + e.getMessage(), e);
      }
    }
    // dpkg states MD5 alone: without it nothing that dpkg shipped could be proven.
    return settings.asShipped().isPresent() ? scope.withAttribute(Attributes.MD5) : scope;
  }

  private static RootDirectory root(Path path) throws StartFailure {
    return switch (RootDirectory.open(path.toString())) {
      case RootDirectory.Opening.Ready ready -> ready.root();
      case RootDirectory.Opening.Refused refused ->
          throw new StartFailure(
              "root: " + path + " cannot be opened (errno " + refused.errno() + ")");
    };
  }

  private static StateDirectory state(Path path) throws StartFailure, IOException {
    return switch (StateDirectory.open(path)) {
      case StateDirectory.Opening.Ready ready -> ready.directory();
      case StateDirectory.Opening.InUse inUse ->
          throw new StartFailure(
              "another collector runs on this state directory ("
                  + inUse.lockFile()
                  + " is locked); stop it, or give another state.dir");
    };
  }

  private static MetricsServer metrics(int port, CollectorMetrics metrics) throws StartFailure {
    try {
      return MetricsServer.start(port, metrics);
    } catch (IOException e) {
      throw new StartFailure(
          "metrics.port " + port + " cannot be opened (" + e.getMessage() + "); give another", e);
    }
  }

  private static Observed observed(RootDirectory root, Scope scope, Path proc) {
    Capture capture = new Capture(root, scope, KnownVersions.NONE, 1, new WalkProgress());
    ByteString below = ByteString.copyFromUtf8(root.path());
    return new Observed(
        root,
        scope,
        () -> new MountProbe(proc).own().under(below),
        Facets.readers(capture, scope, root.isLive()));
  }

  private static Timing timing(CollectorSettings s) {
    return new Timing(
        s.heartbeat(),
        s.rescan(),
        s.poll(),
        s.rehash(),
        s.snapshot(),
        s.coalesce(),
        s.scanThreads());
  }

  private static Watching watching(CollectorSettings settings, RootDirectory root)
      throws StartFailure {
    return switch (settings.watch().open(root, settings.who())) {
      case WatchMode.Opening.Ready ready -> ready.watching();
      case WatchMode.Opening.Refused refused ->
          throw new StartFailure(
              "watch: fanotify is refused by the kernel ("
                  + refused.errno()
                  + "); it needs CAP_SYS_ADMIN and Linux 5.9, or write watch=auto");
    };
  }

  private static LiveHost.PackagesListener publisher(
      CollectorSettings settings,
      RootDirectory root,
      Scope scope,
      Installation installation,
      StateDirectory state)
      throws StartFailure, IOException {
    if (settings.asShipped().isEmpty()) {
      return LiveHost.PackagesListener.NONE;
    }
    return new AsShippedPublisher(
        root,
        scope,
        installation,
        key(settings.asShipped().get().key()),
        settings.asShipped().get().store(),
        state.room("as-shipped"),
        Clock.systemUTC());
  }

  private static Optional<EmbeddedBaseline> embedded(
      CollectorSettings settings, StateDirectory state) throws IOException {
    if (settings.embedded().isEmpty()) {
      return Optional.empty();
    }
    CollectorSettings.Embedded e = settings.embedded().get();
    EmbeddedBaseline.Asking engine =
        e.engine().isPresent()
            ? new EngineHolds(e.engine().get(), e.tokenFile())
            : manifest -> EmbeddedBaseline.Held.UNKNOWN;
    return Optional.of(
        new EmbeddedBaseline(
            settings.root().resolve(e.path().toString().substring(1)),
            e.trust(),
            engine,
            Scratch.in(state.room("scratch")),
            Clock.systemUTC()));
  }

  private static void trust(Path directory) throws StartFailure {
    try {
      var unused = TrustRoots.ofDirectory(directory, Instant.now());
    } catch (InvalidKeyException e) {
      throw new StartFailure("baseline.embedded.trust: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new StartFailure(
          "baseline.embedded.trust " + directory + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static SigningKey key(Path keyFile) throws StartFailure {
    try {
      return SigningKey.ofPem(Files.readString(keyFile));
    } catch (InvalidKeyException e) {
      throw new StartFailure("baseline.as-shipped.key " + keyFile + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw new StartFailure(
          "baseline.as-shipped.key " + keyFile + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** Reads everything again, soon. */
  public void readAgain() {
    host.readAgain();
  }

  /** Completes exceptionally if observation or delivery ended by a failure that nobody foresaw. */
  public CompletableFuture<Void> failure() {
    CompletableFuture<Void> either = new CompletableFuture<>();
    var unusedHost = host.failure().whenComplete((none, e) -> end(either, e));
    var unusedDelivery = delivery.failure().whenComplete((none, e) -> end(either, e));
    return either;
  }

  private static void end(CompletableFuture<Void> future, @Nullable Throwable cause) {
    if (cause != null) {
      future.completeExceptionally(cause);
    }
  }

  /** Where metrics answer, on loopback. */
  public int metricsPort() {
    return metrics.port();
  }

  /** Reports what is pending, announces the end, delivers what Kafka will take, and closes. */
  public void stop(AnnouncementKind kind, String detail) throws InterruptedException, IOException {
    host.stop(kind, detail);
    delivery.end();
    metrics.close();
    spool.close();
    root.close();
    state.close();
    LOG.info("event=stopped");
  }
}
