package io.patina.endtoend.secured;

import io.patina.wire.Topics;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * One Kafka node with four listeners on loopback, all TLS: for itself and for administrators
 * (client certificates), for clients by certificate, SCRAM-SHA-512 or OAUTHBEARER. Whoever is not
 * allowed something explicitly is not allowed it. Connections by SASL are asked for credentials
 * again every two seconds.
 */
final class SecuredBroker implements AutoCloseable {
  /** Of the broker itself, who may do everything. */
  private static final String SELF = "broker";

  private static final String REAUTHENTICATE_MILLIS = "2000";

  private final KafkaRaftServer server;
  private final Admin admin;
  private final Certificates certificates;
  private final int certificatePort;
  private final int scramPort;
  private final int tokenPort;

  SecuredBroker(Path directory, Certificates certificates, TokenEndpoint tokens)
      throws IOException, InterruptedException, ExecutionException {
    this.certificates = certificates;
    int controller = freePort();
    this.certificatePort = freePort();
    this.scramPort = freePort();
    this.tokenPort = freePort();
    Path keys = certificates.signed(SELF);
    Path logs = Files.createDirectories(directory.resolve("logs"));
    format(logs);
    // The broker only fetches keys from where this process says it may.
    System.setProperty("org.apache.kafka.sasl.oauthbearer.allowed.urls", tokens.keys().toString());
    KafkaConfig config = KafkaConfig.fromProps(properties(logs, controller, keys, tokens));
    server = new KafkaRaftServer(config, Time.SYSTEM);
    server.startup();
    admin = Admin.create(new TreeMap<String, Object>(byCertificate(keys)));
    var unused =
        admin
            .createTopics(
                List.of(
                    new NewTopic(Topics.REPORTS, 6, (short) 1)
                        .configs(Map.of("message.timestamp.type", "LogAppendTime")),
                    new NewTopic(Topics.BASELINES, 1, (short) 1)))
            .all()
            .get();
  }

  Admin admin() {
    return admin;
  }

  String scram() {
    return "127.0.0.1:" + scramPort;
  }

  String token() {
    return "127.0.0.1:" + tokenPort;
  }

  String certificate() {
    return "127.0.0.1:" + certificatePort;
  }

  /** Settings of a client that shows a certificate. */
  Map<String, String> byCertificate(Path keys) {
    Map<String, String> settings = new TreeMap<>(trusting());
    settings.put("bootstrap.servers", certificate());
    settings.put("security.protocol", "SSL");
    settings.put("ssl.keystore.location", keys.toString());
    settings.put("ssl.keystore.password", Certificates.PASSWORD);
    return settings;
  }

  /** That a client knows the broker by the test's authority. */
  Map<String, String> trusting() {
    return Map.of(
        "ssl.truststore.location",
        certificates.trustStore().toString(),
        "ssl.truststore.password",
        Certificates.PASSWORD);
  }

  /** Gives a user this password, in place of any before. */
  void password(String user, String password) throws InterruptedException, ExecutionException {
    Void unused =
        admin
            .alterUserScramCredentials(
                List.of(
                    new UserScramCredentialUpsertion(
                        user,
                        new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096),
                        password)))
            .all()
            .get();
  }

  /** What a collector needs, and no more: to write to its two topics. */
  void allowWriting(String principal) throws InterruptedException, ExecutionException {
    Void unused = admin.createAcls(writing(principal)).all().get();
  }

  /** Takes that back. */
  void forbidWriting(String principal) throws InterruptedException, ExecutionException {
    var unused =
        admin
            .deleteAcls(writing(principal).stream().map(AclBinding::toFilter).toList())
            .all()
            .get();
  }

  private static List<AclBinding> writing(String principal) {
    return List.of(Topics.REPORTS, Topics.BASELINES).stream()
        .map(
            topic ->
                new AclBinding(
                    new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL),
                    new AccessControlEntry(
                        principal, "*", AclOperation.WRITE, AclPermissionType.ALLOW)))
        .toList();
  }

  private static void format(Path logs) throws IOException {
    Formatter formatter =
        new Formatter()
            .setPrintStream(
                new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
            .setNodeId(1)
            .setClusterId(Uuid.randomUuid().toString())
            .addDirectory(logs.toString())
            .setMetadataLogDirectory(logs.toString())
            .setControllerListenerName("CONTROLLER")
            .setReleaseVersion(MetadataVersion.latestProduction())
            .setHasDynamicQuorum(false);
    try {
      formatter.run();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("cannot format " + logs, e);
    }
  }

  private Properties properties(Path logs, int controller, Path keys, TokenEndpoint tokens) {
    Properties p = new Properties();
    p.put("process.roles", "broker,controller");
    p.put("node.id", "1");
    p.put("controller.quorum.voters", "1@127.0.0.1:" + controller);
    p.put("controller.listener.names", "CONTROLLER");
    p.put("inter.broker.listener.name", "CERTIFICATE");
    String clients =
        "CERTIFICATE://127.0.0.1:%d,SCRAM://127.0.0.1:%d,TOKEN://127.0.0.1:%d"
            .formatted(certificatePort, scramPort, tokenPort);
    p.put("listeners", clients + ",CONTROLLER://127.0.0.1:" + controller);
    p.put("advertised.listeners", clients);
    p.put(
        "listener.security.protocol.map",
        "CONTROLLER:SSL,CERTIFICATE:SSL,SCRAM:SASL_SSL,TOKEN:SASL_SSL");
    p.put("ssl.keystore.location", keys.toString());
    p.put("ssl.keystore.password", Certificates.PASSWORD);
    p.put("ssl.truststore.location", certificates.trustStore().toString());
    p.put("ssl.truststore.password", Certificates.PASSWORD);
    p.put("listener.name.controller.ssl.client.auth", "required");
    p.put("listener.name.certificate.ssl.client.auth", "required");
    p.put("sasl.enabled.mechanisms", "SCRAM-SHA-512,OAUTHBEARER");
    p.put("listener.name.scram.sasl.enabled.mechanisms", "SCRAM-SHA-512");
    p.put(
        "listener.name.scram.scram-sha-512.sasl.jaas.config",
        "org.apache.kafka.common.security.scram.ScramLoginModule required;");
    p.put("listener.name.token.sasl.enabled.mechanisms", "OAUTHBEARER");
    p.put(
        "listener.name.token.oauthbearer.sasl.jaas.config",
        "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required;");
    p.put(
        "listener.name.token.oauthbearer.sasl.server.callback.handler.class",
        "org.apache.kafka.common.security.oauthbearer.OAuthBearerValidatorCallbackHandler");
    p.put(
        "listener.name.token.oauthbearer.sasl.oauthbearer.jwks.endpoint.url",
        tokens.keys().toString());
    p.put("listener.name.token.oauthbearer.sasl.oauthbearer.expected.audience", "kafka");
    p.put("connections.max.reauth.ms", REAUTHENTICATE_MILLIS);
    p.put("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
    p.put("allow.everyone.if.no.acl.found", "false");
    p.put("super.users", "User:CN=" + SELF);
    p.put("log.dirs", logs.toString());
    p.put("auto.create.topics.enable", "false");
    p.put("offsets.topic.replication.factor", "1");
    p.put("offsets.topic.num.partitions", "1");
    p.put("transaction.state.log.replication.factor", "1");
    p.put("transaction.state.log.min.isr", "1");
    p.put("log.index.size.max.bytes", String.valueOf(256 << 10));
    p.put("log.segment.bytes", String.valueOf(16 << 20));
    p.put("log.cleaner.dedupe.buffer.size", String.valueOf(4 << 20));
    p.put("group.initial.rebalance.delay.ms", "0");
    return p;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    admin.close();
    server.shutdown();
  }
}
