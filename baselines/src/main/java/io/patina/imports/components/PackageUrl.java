package io.patina.imports.components;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A package URL, {@code pkg:type/namespace/name@version?qualifiers} (package-url/purl-spec), of the
 * kinds that a system's package manager installs.
 *
 * @param type {@code deb} or {@code rpm}
 * @param namespace the distribution; may be empty
 */
record PackageUrl(
    String type, String namespace, String name, String version, Map<String, String> qualifiers) {

  private static final Map<String, String> MANAGERS = Map.of("deb", "dpkg", "rpm", "rpm");

  PackageUrl {
    qualifiers = java.util.Collections.unmodifiableMap(new TreeMap<>(qualifiers));
  }

  /** Reads one; empty for other kinds and for text that is none. */
  static Optional<PackageUrl> parse(String text) {
    if (!text.startsWith("pkg:") || text.length() > 4096) {
      return Optional.empty();
    }
    String rest = text.substring(4);
    int hash = rest.indexOf('#');
    rest = hash < 0 ? rest : rest.substring(0, hash);
    Map<String, String> qualifiers = new TreeMap<>();
    int question = rest.indexOf('?');
    if (question >= 0) {
      for (String pair : rest.substring(question + 1).split("&", -1)) {
        int equals = pair.indexOf('=');
        if (equals > 0) {
          qualifiers.put(pair.substring(0, equals), decode(pair.substring(equals + 1)));
        }
      }
      rest = rest.substring(0, question);
    }
    int at = rest.lastIndexOf('@');
    String version = at < 0 ? "" : decode(rest.substring(at + 1));
    String[] path = (at < 0 ? rest : rest.substring(0, at)).split("/", -1);
    if (path.length < 2 || path.length > 3 || !MANAGERS.containsKey(path[0])) {
      return Optional.empty();
    }
    String name = decode(path[path.length - 1]);
    String namespace = path.length == 3 ? decode(path[1]) : "";
    return name.isEmpty() || version.isEmpty()
        ? Optional.empty()
        : Optional.of(new PackageUrl(path[0], namespace, name, version, qualifiers));
  }

  /** That of an installed package, named {@code manager:name:architecture}; empty for others. */
  static Optional<PackageUrl> of(String key, String version) {
    String[] parts = key.split(":", -1);
    if (parts.length != 3) {
      return Optional.empty();
    }
    Map<String, String> qualifiers = new TreeMap<>();
    if (!parts[2].isEmpty()) {
      qualifiers.put("arch", parts[2]);
    }
    String bare = version;
    if (parts[0].equals("rpm") && version.matches("[0-9]+:.*")) {
      // The epoch of an rpm is a qualifier; that of a deb is a part of its version.
      qualifiers.put("epoch", version.substring(0, version.indexOf(':')));
      bare = version.substring(version.indexOf(':') + 1);
    }
    String plain = bare;
    return MANAGERS.entrySet().stream()
        .filter(m -> m.getValue().equals(parts[0]))
        .map(m -> new PackageUrl(m.getKey(), "", parts[1], plain, qualifiers))
        .findFirst();
  }

  /** The key of the installed package. */
  String key() {
    return MANAGERS.get(type) + ":" + name + ":" + qualifiers.getOrDefault("arch", "");
  }

  /** Epoch, version and release as a capture states them. */
  String fullVersion() {
    String epoch = qualifiers.getOrDefault("epoch", "");
    // A zero epoch is the same as none, and a capture leaves it out.
    boolean put = type.equals("rpm") && epoch.matches("[1-9][0-9]*") && !version.contains(":");
    return put ? epoch + ":" + version : version;
  }

  /** The text form. */
  String text() {
    StringBuilder out = new StringBuilder("pkg:" + type + "/");
    if (!namespace.isEmpty()) {
      out.append(encode(namespace)).append('/');
    }
    out.append(encode(name)).append('@').append(encode(version));
    char before = '?';
    for (Map.Entry<String, String> q : qualifiers.entrySet()) {
      out.append(before).append(q.getKey()).append('=').append(encode(q.getValue()));
      before = '&';
    }
    return out.toString();
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20").replace("%3A", ":");
  }

  /** A plus stands for itself here; text with a broken escape is taken as it is. */
  private static String decode(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return text;
    }
  }
}
