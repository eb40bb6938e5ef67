package dev.neurontp.conformance.mutant;

import java.util.Set;

/** What is wrong with this worker, or different about it: names, as in the tables of mutants and benign variants. */
record Faults(Set<String> names) {

    boolean has(String name) {
        return names.contains(name);
    }
}
