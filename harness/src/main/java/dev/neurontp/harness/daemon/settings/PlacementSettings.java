package dev.neurontp.harness.daemon.settings;

import dev.neurontp.harness.launch.HostSlots;
import dev.neurontp.harness.launch.Launcher;
import dev.neurontp.harness.launch.Place;
import dev.neurontp.harness.launch.Placement;
import dev.neurontp.harness.launch.Preset;
import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.worker.comm.CommunicatorProvider;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Hosts and the name of a launcher as places, with what the settings say of them. */
public final class PlacementSettings {
    private static final String BIND = "NEURON_LOOPBACK_BIND";

    private PlacementSettings() {}

    /**
     * The launcher of that name.
     *
     * @throws IllegalArgumentException when there is none, or its settings break a rule
     */
    public static LauncherSettings.Launched launched(Settings settings, String name) {
        Set<String> known = LauncherSettings.launchers(settings);
        if (!known.contains(name)) {
            String shown = ForeignText.of(name, ForeignText.NAME);
            throw new IllegalArgumentException("the settings have no launcher '" + shown + "' ("
                    + (known.isEmpty() ? "they have none" : "they have " + String.join(", ", known))
                    + "): set launchers."
                    + (LauncherSettings.isName(name) ? name : "NAME") + ".preset"
                    + (Preset.names().contains(name) ? " = \"" + name + "\"" : "")
                    + "; a running daemon takes it by tpctl reload");
        }
        try {
            return LauncherSettings.launcher(settings, name);
        } catch (IllegalStateException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /**
     * One place for each device, in order.
     *
     * @throws IllegalArgumentException when the communicator needs to know more of a host
     */
    public static Placement places(
            Settings settings,
            LauncherSettings.Launched launched,
            List<HostSlots> slots,
            CommunicatorProvider communicator) {
        Launcher launcher = launched.launcher().withGpus(communicator.needsGpu() ? launched.gpus() : List.of());
        List<Place> places = new ArrayList<>();
        for (HostSlots host : slots) {
            LauncherSettings.Host known = LauncherSettings.host(settings, host.host());
            Map<String, String> environment = new HashMap<>(known.environment());
            if (communicator.name().equals("loopback")) {
                bind(host.host(), known.address(), slots.size()).ifPresent(own -> environment.putIfAbsent(BIND, own));
            }
            for (int local = 0; local < host.devices().size(); local++) {
                Place place = new Place(host.host(), known.address(), local, launcher, environment);
                places.add(launched.here() ? place.here() : place);
            }
        }
        return new Placement(places, launched.lease());
    }

    /** The address on which a rank of the loopback communicator is reached; empty where its own default does. */
    private static Optional<String> bind(String host, String address, int hosts) {
        try {
            return Optional.of(InetAddress.ofLiteral(address).getHostAddress());
        } catch (IllegalArgumentException _) {
            if (hosts == 1) {
                return Optional.empty();
            }
            throw new IllegalArgumentException("the address of " + host + " is '"
                    + ForeignText.of(address, ForeignText.NAME)
                    + "': over the communicator loopback the ranks of several hosts need a numeric one, set hosts."
                    + host + ".address");
        }
    }
}
