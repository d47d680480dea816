package io.patina.signing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * When the keys of a directory count: {@code keys}, a list of {@code file} or {@code keyId} with
 * {@code notBefore}, {@code notAfter}, {@code revoked} (each an instant such as {@code
 * 2026-01-31T00:00:00Z}) and {@code reason}. A mistake makes the whole directory unusable: an
 * overlooked revocation would be worse.
 */
record TrustTerms(List<Term> terms) {

  private static final int MAX_FILE = 1 << 20;
  private static final Set<String> KEYS =
      Set.of("file", "keyId", "notBefore", "notAfter", "revoked", "reason");

  /** What one entry says. */
  record Term(
      @Nullable String file,
      @Nullable String keyId,
      Optional<Instant> notBefore,
      Optional<Instant> notAfter,
      Optional<String> revoked) {

    boolean isOf(TrustedKey key) {
      return key.name().equals(file) || key.key().id().equals(keyId);
    }
  }

  static TrustTerms read(Path file) throws IOException, InvalidKeyException {
    try {
      if (Files.size(file) > MAX_FILE) {
        throw new InvalidKeyException("more than " + MAX_FILE + " bytes");
      }
      LoadSettings settings = LoadSettings.builder().setCodePointLimit(MAX_FILE).build();
      Object document = new Load(settings).loadFromString(Files.readString(file));
      List<Term> terms = new ArrayList<>();
      if (!(document instanceof Map<?, ?> map)
          || !map.keySet().equals(Set.of("keys"))
          || !(map.get("keys") instanceof List<?> list)) {
        throw new InvalidKeyException("write keys: and a list of entries with file or keyId");
      }
      for (Object entry : list) {
        terms.add(term(entry, terms.size() + 1));
      }
      return new TrustTerms(List.copyOf(terms));
    } catch (InvalidKeyException | YamlEngineException e) {
      throw new InvalidKeyException(file + ": " + e.getMessage(), e);
    }
  }

  /** The keys with these terms. */
  TrustRoots applied(TrustRoots to) throws InvalidKeyException {
    List<TrustedKey> keys = new ArrayList<>(to.trusted());
    List<String> revoked = new ArrayList<>();
    for (Term term : terms) {
      boolean found = false;
      for (int i = 0; i < keys.size(); i++) {
        TrustedKey k = keys.get(i);
        if (term.isOf(k)) {
          found = true;
          keys.set(i, with(k, term));
        }
      }
      if (!found && term.file() != null) {
        throw new InvalidKeyException(
            TrustRoots.TERMS + ": there is no key file " + term.file() + " beside it");
      }
      // A key that is not here may come back: it stays revoked.
      if (term.revoked().isPresent() && term.keyId() != null) {
        revoked.add(term.keyId());
      }
    }
    return new TrustRoots(keys, revoked, to.at());
  }

  private static TrustedKey with(TrustedKey k, Term term) {
    return new TrustedKey(
        k.key(),
        k.name(),
        k.minisignNumber(),
        term.notBefore().or(k::notBefore),
        term.notAfter().or(k::notAfter),
        term.revoked().or(k::revoked));
  }

  private static Term term(@Nullable Object entry, int number) throws InvalidKeyException {
    String where = "entry " + number + ": ";
    if (!(entry instanceof Map<?, ?> map)) {
      throw new InvalidKeyException(where + "write file or keyId, and what is said of it");
    }
    Set<Object> unknown = new HashSet<>(map.keySet());
    unknown.removeAll(KEYS);
    if (!unknown.isEmpty()) {
      throw new InvalidKeyException(where + "unknown key " + unknown + "; known are " + sorted());
    }
    String file = text(map, "file");
    String keyId = text(map, "keyId");
    if ((file == null) == (keyId == null)) {
      throw new InvalidKeyException(where + "write either file or keyId");
    }
    if (keyId != null && !TrustRoots.isId(keyId)) {
      throw new InvalidKeyException(where + "keyId is 64 hexadecimal digits in lower case");
    }
    Optional<Instant> revoked = instant(map, "revoked", where);
    String reason = text(map, "reason");
    Optional<Instant> notBefore = instant(map, "notBefore", where);
    Optional<Instant> notAfter = instant(map, "notAfter", where);
    if (notBefore.isPresent()
        && notAfter.filter(notBefore.get()::isBefore).isEmpty()
        && notAfter.isPresent()) {
      throw new InvalidKeyException(where + "notAfter is not after notBefore");
    }
    return new Term(
        file,
        keyId,
        notBefore,
        notAfter,
        revoked.map(at -> " since " + at + (reason == null ? "" : ": " + reason)));
  }

  private static @Nullable String text(Map<?, ?> map, String key) {
    Object value = map.get(key);
    return value == null ? null : value.toString();
  }

  private static Optional<Instant> instant(Map<?, ?> map, String key, String where)
      throws InvalidKeyException {
    String text = text(map, key);
    if (text == null) {
      if (map.containsKey(key)) {
        throw new InvalidKeyException(where + key + " is empty");
      }
      return Optional.empty();
    }
    try {
      return Optional.of(Instant.parse(text));
    } catch (DateTimeException e) {
      throw new InvalidKeyException(
          where + key + " is an instant such as 2026-01-31T00:00:00Z, not " + text, e);
    }
  }

  private static String sorted() {
    return String.join(", ", KEYS.stream().sorted().toList());
  }
}
