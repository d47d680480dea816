package io.patina.collector.commands;

import io.patina.facts.Escaped;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** One line per event on standard error: time, level, text; a trace below it where there is one. */
final class LogLines extends Formatter {
  // The log manager holds loggers weakly: a level set on one that is collected would be lost.
  private static final List<Logger> KEPT =
      List.of(Logger.getLogger("io.patina"), Logger.getLogger("org.apache.kafka"));

  static void install() {
    Logger root = Logger.getLogger("");
    root.setLevel(Level.WARNING);
    for (Handler handler : root.getHandlers()) {
      handler.setFormatter(new LogLines());
      handler.setLevel(Level.ALL);
    }
    KEPT.get(0).setLevel(Level.INFO);
    // Kafka warns at each attempt to connect; the delivery says once that it is away.
    KEPT.get(1).setLevel(Level.SEVERE);
  }

  @Override
  public String format(LogRecord event) {
    StringWriter out = new StringWriter();
    out.append(Instant.ofEpochMilli(event.getMillis()).truncatedTo(ChronoUnit.MILLIS).toString())
        .append(' ')
        .append(event.getLevel().getName())
        .append(' ')
        .append(Escaped.text(formatMessage(event)))
        .append('\n');
    if (event.getThrown() != null) {
      event.getThrown().printStackTrace(new PrintWriter(out, true));
    }
    return out.toString();
  }
}
