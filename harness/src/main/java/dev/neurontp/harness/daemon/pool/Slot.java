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

    /** Whether both are one device, by whatever names. */
    boolean isSame(Slot other) {
        return machine.equals(other.machine) && device == other.device;
    }

    boolean isOneOf(List<Slot> others) {
        return others.stream().anyMatch(this::isSame);
    }

    @Override
    public String toString() {
        return host.isEmpty() ? Long.toString(device) : host + ":" + device;
    }
}
