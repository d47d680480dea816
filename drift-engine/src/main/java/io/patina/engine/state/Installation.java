package io.patina.engine.state;

import com.google.protobuf.ByteString;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One life of a host, as far as every report needs it; its facts are {@link Facts}. Knows which of
 * its parts have changed since it was last written. Not safe for use by several threads.
 */
public final class Installation {

  /** A clock that differs less from what was written needs no statement. */
  private static final long SKEW_WRITTEN_MILLIS = 2_000;

  private final UUID id;
  private final UUID host;
  private final int part;
  private final Instant firstSeen;
  private final String pool;
  private final Map<String, String> assignedLabels;

  private ByteString publicKey;
  private Admittance admittance = new Admittance(Admittance.How.MIGRATED, "", null);
  private Optional<Barred> barred = Optional.empty();
  private Optional<ByteString> previousKey = Optional.empty();
  private boolean ended;
  private boolean revoked;
  private long decisions;
  private String countedPool;
  private Contact contact;
  private Machine machine;
  private Starts starts = Starts.NONE;
  private Observation observation = Observation.NONE;
  private Sync sync;
  private @Nullable Conflict conflict;
  private Compared compared = Compared.NONE;
  private @Nullable Transit transit;
  private Image image = Image.NONE;
  private Standing standing;
  private boolean silent;
  private Optional<Announced> announced = Optional.empty();
  private @Nullable Long skewMillis;
  private boolean contactChanged;
  private boolean revisionChanged;
  private boolean changed;

  /**
   * Which image it runs.
   *
   * @param name as {@link ImageIdentity} has it; empty if it says nothing of that
   * @param unknown no baseline that somebody approved is of that image, so it is held against none
   */
  public record Image(String name, boolean unknown) {
    public static final Image NONE = new Image("", false);
  }

  /** The last thing a collector announced of itself; or, by a person, that it is retired. */
  public record Announced(String what, Instant at) {
    public static final String RETIRED = "retired";
  }

  /**
   * @param assignedLabels of its host, never asserted ones
   */
  public Installation(
      UUID id,
      UUID host,
      int part,
      ByteString publicKey,
      Instant firstSeen,
      String pool,
      Map<String, String> assignedLabels,
      Contact contact,
      Machine machine,
      Sync sync,
      Standing standing) {
    this.id = id;
    this.host = host;
    this.part = part;
    this.publicKey = publicKey;
    this.firstSeen = firstSeen;
    this.pool = pool;
    this.countedPool = pool;
    this.assignedLabels = Map.copyOf(assignedLabels);
    this.contact = contact;
    this.machine = machine;
    this.sync = sync;
    this.standing = standing;
  }

  public UUID id() {
    return id;
  }

  /** The id as 32 hexadecimal digits, as selectors have it. */
  public String hex() {
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(id.getMostSignificantBits())
        + hex.toHexDigits(id.getLeastSignificantBits());
  }

  public UUID host() {
    return host;
  }

  public int part() {
    return part;
  }

  public ByteString publicKey() {
    return publicKey;
  }

  /** Its key before the one of now. */
  public Optional<ByteString> previousKey() {
    return previousKey;
  }

  /** Another key speaks for it from now on. */
  public void handOver(ByteString newKey) {
    previousKey = Optional.of(publicKey);
    publicKey = newKey;
  }

  public Admittance admittance() {
    return admittance;
  }

  /** Says how it came in, before it has a row. */
  public void admittance(Admittance admittance) {
    this.admittance = admittance;
  }

  /** Why its reports are not taken any more; empty if they are. */
  public Optional<Barred> barred() {
    return barred;
  }

  /** Whether it is a person who has barred it. */
  public boolean isRevoked() {
    return revoked;
  }

  /** Its host has a later life: it counts no more. */
  public boolean hasEnded() {
    return ended;
  }

  /** Puts an end to it. */
  public void end(Barred why) {
    barred = Optional.of(why);
    ended = true;
    silent = false;
    changed = true;
  }

  /** How often a person has decided something about it or its host. */
  public long decisions() {
    return decisions;
  }

  /** The pool in which the fleet's figures have it, which follows {@link #pool()} when written. */
  public String countedPool() {
    return countedPool;
  }

  public Instant firstSeen() {
    return firstSeen;
  }

  public String pool() {
    return pool;
  }

  public Map<String, String> assignedLabels() {
    return assignedLabels;
  }

  public Contact contact() {
    return contact;
  }

  /** Takes note of a report; alone it needs no row of its own, see {@link #hasContactChanged}. */
  public void contact(Contact contact) {
    this.contact = contact;
    contactChanged = true;
  }

  public Machine machine() {
    return machine;
  }

  public void machine(Machine machine) {
    changed |= !machine.equals(this.machine);
    this.machine = machine;
  }

  public Starts starts() {
    return starts;
  }

  public void starts(Starts starts) {
    changed |= !starts.equals(this.starts);
    this.starts = starts;
  }

  public Observation observation() {
    return observation;
  }

  public void observation(Observation observation) {
    changed |= !observation.equals(this.observation);
    this.observation = observation;
  }

  public Sync sync() {
    return sync;
  }

  public void sync(Sync sync) {
    changed |= !sync.equals(this.sync);
    this.sync = sync;
  }

  public Optional<Conflict> conflict() {
    return Optional.ofNullable(conflict);
  }

  public void conflict(Optional<Conflict> conflict) {
    this.conflict = conflict.orElse(null);
    changed = true;
  }

  public Compared compared() {
    return compared;
  }

  public void compared(Compared compared) {
    changed |= !compared.under(this.compared.revision()).equals(this.compared);
    revisionChanged |= compared.revision() != this.compared.revision();
    this.compared = compared;
  }

  /** Where it is in the rollout of its baseline; empty if there is none. */
  public Optional<Transit> transit() {
    return Optional.ofNullable(transit);
  }

  /** Says whether that is another place than before. */
  public boolean transit(Optional<Transit> transit) {
    boolean other = !transit.equals(transit());
    changed |= other;
    this.transit = transit.orElse(null);
    return other;
  }

  public Image image() {
    return image;
  }

  /** Says whether that is another one than before, or is known otherwise. */
  public boolean image(Image image) {
    boolean other = !image.equals(this.image);
    changed |= other;
    this.image = image;
    return other;
  }

  public Standing standing() {
    return standing;
  }

  public void standing(Standing standing) {
    changed |= !standing.equals(this.standing);
    this.standing = standing;
  }

  public boolean isSilent() {
    return silent;
  }

  public void silent(boolean silent) {
    changed |= silent != this.silent;
    this.silent = silent;
  }

  public Optional<Announced> announced() {
    return announced;
  }

  public void announced(Announced announced) {
    this.announced = Optional.of(announced);
    changed = true;
  }

  /** It is in service after all. */
  public void returned() {
    announced = Optional.empty();
    changed = true;
  }

  /** Its clock minus the broker's; null if nothing is known of it. */
  public @Nullable Long skewMillis() {
    return skewMillis;
  }

  /** Takes note of its clock, as a report showed it: written with what the report changes. */
  public void skewMillis(@Nullable Long millis) {
    skewMillis = millis;
  }

  /** Whether this is so far from what is known that it is worth a statement. */
  public boolean isSkewedAnew(long millis) {
    return skewMillis == null || Math.abs(skewMillis - millis) > SKEW_WRITTEN_MILLIS;
  }

  /** Whether its collector said good-bye for ever, or a person said so. */
  public boolean isRetired() {
    return announced.filter(a -> a.what().equals(Announced.RETIRED)).isPresent();
  }

  /** Whether only what {@link Contact} holds has changed since it was written, or more. */
  public boolean hasContactChanged() {
    return contactChanged;
  }

  /** Whether it has followed the catalogue since it was written. */
  public boolean hasFollowed() {
    return revisionChanged;
  }

  /** Whether its whole row must be written. */
  public boolean hasChanged() {
    return changed;
  }

  /** What is in memory is what is in the table. */
  public void written() {
    if (changed) {
      countedPool = pool;
    }
    contactChanged = false;
    revisionChanged = false;
    changed = false;
  }

  /** Sets what a row says of who it is. */
  void restore(
      Admittance admittance,
      Optional<Barred> barred,
      boolean revoked,
      Optional<ByteString> previousKey,
      boolean ended,
      long decisions,
      String countedPool) {
    this.admittance = admittance;
    this.barred = barred;
    this.revoked = revoked;
    this.previousKey = previousKey;
    this.ended = ended;
    this.decisions = decisions;
    this.countedPool = countedPool;
  }

  /** Sets the parts that a row has and a new installation has not. */
  void restore(
      Starts starts,
      Observation observation,
      @Nullable Conflict conflict,
      Compared compared,
      @Nullable Transit transit,
      Image image,
      boolean silent,
      Optional<Announced> announced) {
    this.transit = transit;
    this.image = image;
    this.starts = starts;
    this.observation = observation;
    this.conflict = conflict;
    this.compared = compared;
    this.silent = silent;
    this.announced = announced;
  }
}
