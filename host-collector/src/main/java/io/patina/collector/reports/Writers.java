package io.patina.collector.reports;

import io.patina.collector.writers.Writer;

/** A writer as the contract states it. */
final class Writers {
  private Writers() {}

  static io.patina.wire.v1.Writer wire(Writer writer) {
    io.patina.wire.v1.Writer.Builder wire =
        io.patina.wire.v1.Writer.newBuilder()
            .setPid(writer.pid())
            .setCommand(writer.command())
            .setExecutable(writer.executable())
            .setUnit(writer.unit())
            .setContainer(writer.container())
            .setPod(writer.pod())
            .setRoot(writer.root())
            .setScript(writer.script())
            .addAllAncestors(writer.ancestors())
            .setContainerName(writer.containerName())
            .setImage(writer.image())
            .setInHostMounts(writer.inHostMounts());
    writer.loginUser().ifPresent(u -> wire.setLoginUser((int) u));
    return wire.build();
  }
}
