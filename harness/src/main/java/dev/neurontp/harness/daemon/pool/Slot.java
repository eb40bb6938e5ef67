package dev.neurontp.harness.daemon.pool;

import java.util.List;

/**
 * A device of a host.
 *
 * @param host the name by which it was asked for; empty for this one
 * @param machine what that is, whatever it is called; empty for this one
 * @param device its index there
 */
record Slot(String host, String machine, long device) {
    /** A device of this host. */
    static Slot here(long device) {
        return new Slot("", "", device);
    }

    /** Whether both are one device: what a name stands for may have changed since, and one machine may have several. */
    boolean isSame(Slot other) {
        boolean sameName = !host.isEmpty() && host.equals(other.host);
        return device == other.device && (sameName || machine.equals(other.machine));
    }

    boolean isOneOf(List<Slot> others) {
        return others.stream().anyMatch(this::isSame);
    }

    @Override
    public String toString() {
        return host.isEmpty() ? Long.toString(device) : host + ":" + device;
    }
}
