package io.patina.collector.syscalls;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The sd_notify(3) protocol: one datagram to the socket named by {@code NOTIFY_SOCKET}. Java has no
 * datagram sockets of the Unix kind.
 */
public final class ServiceNotification {
  private static final int AF_UNIX = 1;
  private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;
  private static final int MSG_NOSIGNAL = 0x4000;
  private static final int ADDRESS_BYTES = 110;
  private static final Abi ABI = Abi.HERE;

  private ServiceNotification() {}

  /**
   * Sends a state such as {@code READY=1}.
   *
   * @param socket value of {@code NOTIFY_SOCKET}: an absolute path, or {@code @name} for an
   *     abstract address
   * @return bytes sent, or a negated errno ({@code EINVAL} for an address of another form)
   */
  public static int send(String socket, String state) {
    byte[] name = socket.getBytes(StandardCharsets.UTF_8);
    if (name.length < 2 || name.length > 107 || (name[0] != '/' && name[0] != '@')) {
      return -Errno.EINVAL;
    }
    ByteBuffer address = direct(ADDRESS_BYTES);
    address.putShort(0, (short) AF_UNIX).put(2, name);
    int length = 2 + name.length;
    if (name[0] == '@') {
      address.put(2, (byte) 0);
    } else {
      length++;
    }
    byte[] text = state.getBytes(StandardCharsets.UTF_8);
    ByteBuffer message = direct(Math.max(1, text.length)).put(0, text);
    int descriptor = (int) Native64.call(ABI.socket(), AF_UNIX, SOCK_DGRAM_CLOEXEC, 0);
    if (descriptor < 0) {
      return descriptor;
    }
    try {
      return (int)
          Native64.call(
              ABI.sendto(),
              descriptor,
              Native64.addressOf(message),
              text.length,
              MSG_NOSIGNAL,
              Native64.addressOf(address),
              length);
    } finally {
      Reference.reachabilityFence(message);
      Reference.reachabilityFence(address);
      Native64.call(ABI.close(), descriptor);
    }
  }

  private static ByteBuffer direct(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
