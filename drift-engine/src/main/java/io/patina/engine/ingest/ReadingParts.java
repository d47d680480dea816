package io.patina.engine.ingest;

import jakarta.inject.Singleton;

/** What a reading works with. */
@Singleton
record ReadingParts(
    Slices slices,
    Timers timers,
    TurnTimers turns,
    DecisionTimers decisions,
    Positions positions,
    IngestConfig config,
    IngestStatus status,
    IngestFigures figures) {}
