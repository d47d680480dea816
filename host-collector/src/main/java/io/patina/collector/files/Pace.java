package io.patina.collector.files;

/** Is told of every piece of a walk's work, by the thread that did it, and may hold it up. */
public interface Pace {
  /** As fast as it goes. */
  Pace FULL =
      new Pace() {
        @Override
        public void looked() {
          // Nothing holds it up.
        }

        @Override
        public void read(int bytes) {
          // Nothing holds it up.
        }
      };

  /** A path was looked at. */
  void looked();

  /** Bytes of content were read and digested. */
  void read(int bytes);
}
