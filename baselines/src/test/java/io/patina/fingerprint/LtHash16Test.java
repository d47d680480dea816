package io.patina.fingerprint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.ByteString;
import io.patina.facts.Generated;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * The known answers were computed without this code: Python's hashlib for SHA-256 and {@code
 * openssl enc -aes-256-ctr -K SHA256(element) -iv 0} over 2048 zero bytes, lanes added in Python.
 */
class LtHash16Test {

  private static final ByteString ABC = ByteString.copyFromUtf8("abc");
  private static final ByteString DEF = ByteString.copyFromUtf8("def");

  @Test
  void knownAnswers() {
    assertEquals("e5a00aa9991ac8a5ee3109844d84a55583bd20572ad3ffcd42792f3c36b183ad", fingerprint());
    assertEquals(
        "2df85e5d91c2a61a32265fb6d7717888d219f128d8baae68c0a92339a8abbaf8",
        fingerprint(ByteString.EMPTY));
    assertEquals(
        "03f4a1bf3967f7c1f163984de1e87ab2dfe00d2fa402c3d7748853bf8dfe5705", fingerprint(ABC));
    assertEquals(
        "7b7f3f27e5e76a571a87766b3d08091a33c37a460debb0337c88600c0aa176df",
        fingerprint(threeHundredBytes()));
    assertEquals(
        "96272e72ee3193d8daf46e199a375561fd6a428fcbeead3afb9726d21b94d14d",
        fingerprint(ABC, DEF, threeHundredBytes()));
  }

  @Test
  void knownAnswerForAThousandElementsWhoseLanesOverflow() {
    ByteString[] numbers = new ByteString[1000];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = ByteString.copyFromUtf8(Integer.toString(i));
    }
    assertEquals(
        "af69fafb19a10611a6bd72b0a5df31d9cc69fb134076640ec6ab706054664d1e", fingerprint(numbers));
  }

  @Test
  void knownAnswerForARemovalBelowZero() {
    LtHash16 hash = new LtHash16();
    hash.remove(ABC);
    assertEquals(
        "139e225270d3705e922e024e34b75ff29a8c524b2146ce147f630f99a7fbb917",
        hash.fingerprint().hex());
  }

  @Test
  void lanesAreLittleEndian() {
    LtHash16 hash = new LtHash16();
    hash.add(ABC);
    assertEquals(
        ByteString.fromHex("574301bfb06233fdd61a5a10b458ec2c"), hash.state().substring(0, 16));
  }

  @Test
  void orderDoesNotMatter() {
    for (int seed = 0; seed < 50; seed++) {
      Generated generated = new Generated(seed);
      List<ByteString> elements = new ArrayList<>();
      for (int i = generated.below(20); i >= 0; i--) {
        elements.add(generated.bytes(300));
      }
      String inOrder = fingerprint(elements.toArray(ByteString[]::new));
      Collections.shuffle(elements, new Random(seed));
      assertEquals(inOrder, fingerprint(elements.toArray(ByteString[]::new)), "seed " + seed);
    }
  }

  @Test
  void removingUndoesAddingAndBackwards() {
    for (int seed = 0; seed < 50; seed++) {
      Generated generated = new Generated(seed);
      LtHash16 hash = of(generated.bytes(50), generated.bytes(50));
      LtHash16 before = hash.copy();
      ByteString element = generated.bytes(300);
      hash.add(element);
      assertNotEquals(before, hash);
      hash.remove(element);
      assertEquals(before, hash);
      hash.remove(element);
      hash.add(element);
      assertEquals(before, hash);
    }
  }

  @Test
  void anySequenceOfChangesEqualsRecomputation() {
    for (int seed = 0; seed < 30; seed++) {
      Generated generated = new Generated(seed);
      LtHash16 kept = new LtHash16();
      Set<ByteString> set = new HashSet<>();
      for (int step = 0; step < 200; step++) {
        // Few elements, so that many are removed again.
        ByteString element = ByteString.copyFromUtf8("element " + generated.below(25));
        if (set.remove(element)) {
          kept.remove(element);
        } else {
          set.add(element);
          kept.add(element);
        }
        if (generated.below(20) == 0) {
          kept = LtHash16.ofState(kept.state());
        }
      }
      assertEquals(of(set.toArray(ByteString[]::new)), kept, "seed " + seed);
    }
  }

  @Test
  void disjointSetsAdd() {
    LtHash16 left = of(ABC);
    left.addAll(of(DEF, threeHundredBytes()));
    assertEquals(of(ABC, DEF, threeHundredBytes()), left);
  }

  @Test
  void aCopyIsIndependent() {
    LtHash16 original = of(ABC);
    LtHash16 copy = original.copy();
    copy.add(DEF);
    assertEquals(of(ABC), original);
    assertEquals(of(ABC, DEF), copy);
  }

  @Test
  void anElementInSeveralPiecesIsTheSameElement() {
    ByteString rope = threeHundredBytes();
    for (int i = 0; i < 5; i++) {
      rope = rope.concat(threeHundredBytes());
    }
    assertEquals(of(ByteString.copyFrom(rope.toByteArray())), of(rope));
  }

  @Test
  void aStateOfAnotherSizeIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> LtHash16.ofState(ABC));
    assertThrows(IllegalArgumentException.class, () -> new Fingerprint(ABC));
  }

  private static ByteString threeHundredBytes() {
    byte[] bytes = new byte[300];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) i;
    }
    return ByteString.copyFrom(bytes);
  }

  private static LtHash16 of(ByteString... elements) {
    LtHash16 hash = new LtHash16();
    for (ByteString e : elements) {
      hash.add(e);
    }
    return hash;
  }

  private static String fingerprint(ByteString... elements) {
    return of(elements).fingerprint().hex();
  }
}
