package dev.neurontp.worker;

import dev.neurontp.rpc.WireText;
import dev.neurontp.worker.comm.CommunicatorProvider;
import dev.neurontp.worker.comm.loopback.LoopbackProvider;
import dev.neurontp.worker.comm.nccl.NcclProvider;
import java.util.Optional;

/** The communicators of this build, by name. To add one, list its provider here: the only place that knows them all. */
public final class Communicators {
    /** The first is the default, as in the original. An array and loops: every worker start runs this. */
    private static final CommunicatorProvider[] LISTED = {
        new NcclProvider(), //
        new LoopbackProvider(),
    };

    private Communicators() {}

    /** What a leader and its workers use when nobody names one. */
    public static CommunicatorProvider byDefault() {
        return LISTED[0];
    }

    /** The one for hosts without a GPU: for demos, tests and conformance runs. */
    public static CommunicatorProvider withoutGpu() {
        for (CommunicatorProvider provider : LISTED) {
            if (!provider.needsGpu()) {
                return provider;
            }
        }
        throw new IllegalStateException("every communicator of this build needs a GPU");
    }

    /** The one of that name, exactly as written. */
    public static Optional<CommunicatorProvider> find(String name) {
        for (CommunicatorProvider provider : LISTED) {
            if (provider.name().equals(name)) {
                return Optional.of(provider);
            }
        }
        return Optional.empty();
    }

    /**
     * The one of that name.
     *
     * @param source where the name was given, such as an option or a variable, for the message
     * @throws IllegalArgumentException that names the value and what it may be
     */
    public static CommunicatorProvider named(String source, String name) {
        Optional<CommunicatorProvider> found = find(name);
        if (found.isEmpty()) {
            throw new IllegalArgumentException(
                    source + " is '" + WireText.quotable(name) + "': it must be " + String.join(" or ", names()));
        }
        return found.get();
    }

    /** All names, the default first. */
    public static String[] names() {
        String[] names = new String[LISTED.length];
        for (int i = 0; i < names.length; i++) {
            names[i] = LISTED[i].name();
        }
        return names;
    }

    /** The settings of all of them, for {@code --help}. */
    static String help() {
        StringBuilder help = new StringBuilder();
        for (CommunicatorProvider provider : LISTED) {
            help.append(provider.help()).append('\n');
        }
        return help.toString();
    }
}
