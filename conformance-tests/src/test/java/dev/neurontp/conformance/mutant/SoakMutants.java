package dev.neurontp.conformance.mutant;

import dev.neurontp.conformance.mutant.MutantTable.Mutant;
import java.util.List;

/** The mutants that only a soak shows. */
public final class SoakMutants {

    private SoakMutants() {}

    /** Those that grow; no rule of the contract is about that. */
    public static final List<Mutant> GROWING = List.of(
            Mutant.of("soak", "leaks-memory", "leaks memory all the time"),
            Mutant.of("soak", "leaks-descriptors", "leaks a descriptor now and then"),
            Mutant.of("soak", "leaks-every-descriptor", "leaks a descriptor at each request, until it has no more"),
            Mutant.of("soak", "leaks-threads", "leaks a thread now and then"),
            Mutant.of("soak", "leaks-children", "leaks a child process now and then"));

    /** Those that break a rule after a long time. */
    public static final List<Mutant> FORGETFUL =
            List.of(Mutant.of("F4", "loses-the-6000th-reply", "answers all requests to one process but the 6000th"));

    /** Those that say what they must not after a long time. */
    public static final List<Mutant> TALKATIVE = List.of(
            Mutant.of("F5", "logs-at-the-6000th-reply", "logs on stdout behind its 6000th reply"),
            Mutant.of("F1s", "spaced-from-the-6000th-reply", "puts a blank after each colon from its 6000th reply on"));
}
