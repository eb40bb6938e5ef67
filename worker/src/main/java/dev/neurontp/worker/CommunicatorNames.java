package dev.neurontp.worker;

import java.util.Iterator;
import java.util.List;

/** The names of {@link Communicators}, for the help and the completion of an option. */
public final class CommunicatorNames implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
        return List.of(Communicators.names()).iterator();
    }
}
