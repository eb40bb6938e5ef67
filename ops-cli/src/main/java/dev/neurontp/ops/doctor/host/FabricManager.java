package dev.neurontp.ops.doctor.host;

import dev.neurontp.ops.doctor.probe.BoundedChild;
import dev.neurontp.ops.doctor.probe.ChildEnd;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The program that sets NVSwitches up. */
public final class FabricManager {
    /** The kernel keeps 15 characters of a name. */
    public static final String PROCESS = "nv-fabricmanage";

    private static final Pattern VERSION = Pattern.compile("version is ?: ?(\\d[\\d.]{0,30})");

    private FabricManager() {}

    /** What its program says of itself, within the bound; empty where there is none. */
    public static Optional<String> version(Duration bound) throws InterruptedException {
        ChildEnd end = BoundedChild.run(List.of("nv-fabricmanager", "--version"), bound);
        Matcher found = VERSION.matcher(end.output() + end.errors());
        return found.find() ? Optional.of(found.group(1)) : Optional.empty();
    }
}
