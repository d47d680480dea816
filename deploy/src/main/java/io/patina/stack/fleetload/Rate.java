package io.patina.stack.fleetload;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** How many reports are sent and taken while something lasts, and how long none was taken. */
final class Rate {

  private static final String TAKEN = "select coalesce(sum(next), 0) from partition_offset";
  private static final long LOOK_MILLIS = 250;

  private final FleetMeasurement.Where where;
  private final Heartbeats beats;
  private final long begun = System.nanoTime();
  private final long sentBefore;
  private final CountDownLatch over = new CountDownLatch(1);
  private final Thread watching;
  private volatile long taken;
  private volatile long stall;

  /**
   * What it was.
   *
   * @param stall longest time in which the table's offsets did not move, milliseconds
   */
  record Ended(double seconds, long sent, long taken, double stall) {}

  Rate(FleetMeasurement.Where where, Heartbeats beats) {
    this.where = where;
    this.beats = beats;
    this.sentBefore = beats.sent();
    this.watching = Thread.ofPlatform().name("rate").daemon(true).start(this::watch);
  }

  private void watch() {
    try (Connection db =
        DriverManager.getConnection(where.jdbcUrl(), where.user(), where.password())) {
      long first = FleetMeasurement.number(db, TAKEN);
      long before = first;
      long moved = System.nanoTime();
      while (!over.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
        long now = FleetMeasurement.number(db, TAKEN);
        if (now > before) {
          before = now;
          moved = System.nanoTime();
        }
        stall = Math.max(stall, System.nanoTime() - moved);
      }
      taken = FleetMeasurement.number(db, TAKEN) - first;
    } catch (SQLException e) {
      throw new IllegalStateException("the database is away", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  Ended end() throws InterruptedException {
    over.countDown();
    watching.join();
    return new Ended(
        (System.nanoTime() - begun) / 1e9, beats.sent() - sentBefore, taken, stall / 1e6);
  }
}
