package io.patina.endtoend.hosts;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * One port of loopback inside a network namespace, behind which the same port of this machine's
 * loopback answers.
 *
 * <p>A socket belongs to the namespace in which it was made, whoever uses it later. So one thread
 * enters the namespace (setns(2)), opens the listening socket and ends; connections to this machine
 * are made by threads that never left it.
 */
public final class Doorway implements AutoCloseable {

  private static final int O_RDONLY = 0;
  private static final int CLONE_NEWNET = 0x40000000;
  private static final int BUFFER = 64 * 1024;

  private final ServerSocketChannel door;
  private final int port;
  private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();

  private Doorway(ServerSocketChannel door, int port) {
    this.door = door;
    this.port = port;
  }

  /** Opens the port inside. */
  static Doorway open(Path namespace, int port) throws IOException, InterruptedException {
    FutureTask<ServerSocketChannel> opening =
        new FutureTask<>(
            () -> {
              enter(namespace);
              return ServerSocketChannel.open()
                  .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            });
    Thread unusedThread = Thread.ofPlatform().name("doorway " + port).start(opening);
    Doorway doorway;
    try {
      doorway = new Doorway(opening.get(), port);
    } catch (ExecutionException e) {
      throw new IOException("no doorway into " + namespace, e);
    }
    Thread unused = Thread.ofVirtual().start(doorway::accept);
    return doorway;
  }

  @SuppressWarnings("restricted") // open(2) and setns(2) have no counterpart in Java
  private static void enter(Path namespace) throws IOException {
    Linker linker = Linker.nativeLinker();
    MethodHandle openFile =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("open"),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
            Linker.Option.firstVariadicArg(2));
    MethodHandle setns =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("setns"),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    MethodHandle closeFile =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("close"),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    try (Arena arena = Arena.ofConfined()) {
      int file = (int) openFile.invokeExact(arena.allocateFrom(namespace.toString()), O_RDONLY);
      int entered = file < 0 ? file : (int) setns.invokeExact(file, CLONE_NEWNET);
      int unused = file < 0 ? file : (int) closeFile.invokeExact(file);
      if (entered < 0) {
        throw new IOException("cannot enter " + namespace);
      }
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("calling the C library failed", e);
    }
  }

  private void accept() {
    while (door.isOpen()) {
      try {
        SocketChannel inner = door.accept();
        SocketChannel outer;
        try {
          outer = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (IOException refused) {
          // Nobody answers outside: inside it looks the same, a connection that ends at once.
          inner.close();
          continue;
        }
        open.add(inner);
        open.add(outer);
        Thread unused = Thread.ofVirtual().start(() -> carry(inner, outer));
        Thread unused2 = Thread.ofVirtual().start(() -> carry(outer, inner));
      } catch (IOException closed) {
        if (door.isOpen()) {
          throw new IllegalStateException("the doorway broke", closed);
        }
      }
    }
  }

  private void carry(SocketChannel from, SocketChannel to) {
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    try (from;
        to) {
      while (from.read(buffer) >= 0) {
        buffer.flip();
        while (buffer.hasRemaining()) {
          int unused = to.write(buffer);
        }
        buffer.clear();
      }
    } catch (IOException e) {
      // One side went away; closing both tells the other.
      open.remove(from);
    }
    open.remove(from);
    open.remove(to);
  }

  /** Closes the port inside and every connection through it. */
  @Override
  public void close() throws IOException {
    door.close();
    for (SocketChannel channel : open) {
      channel.close();
    }
  }
}
