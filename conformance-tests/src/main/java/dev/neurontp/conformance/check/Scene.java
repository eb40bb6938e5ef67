package dev.neurontp.conformance.check;

/** What all checks of a run share. */
record Scene(Fleet fleet, ReplyShape shape, Pace pace, Baseline baseline, Group group, Generation generation) {}
