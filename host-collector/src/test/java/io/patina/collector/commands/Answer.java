package io.patina.collector.commands;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;

/** What a command answered, run in this process as the launcher runs it. */
record Answer(int exit, String out, String err) {
  static Answer to(List<String> arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exit =
        Patina.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(arguments.toArray(String[]::new));
    return new Answer(exit, out.toString(), err.toString());
  }
}
