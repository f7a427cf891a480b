package org.isofleet.deploy.hosts;

import java.util.List;
import java.util.Locale;

/** Something is wrong with a host: one line that names it and the mend. */
final class HostTrouble extends Exception {
    private static final long serialVersionUID = 1L;

    HostTrouble(Host host, String what) {
        super(host.name() + ": " + what);
    }

    /** In the words of the ssh program, which ended without having run anything. */
    static HostTrouble ofSsh(Host host, List<String> errors) {
        String all = String.join(" ", errors).toLowerCase(Locale.ROOT);
        String last = errors.isEmpty()
                ? "it says nothing"
                : errors.get(errors.size() - 1).strip();
        String mend;
        if (all.contains("host key verification failed") || all.contains("identification has changed")) {
            mend = "the key of that machine is unknown, or not the one that is known: connect once by 'ssh "
                    + host.ssh() + "' and compare its fingerprint";
        } else if (all.contains("permission denied")) {
            mend = "it lets none of your keys in: put one there with 'ssh-copy-id " + host.ssh()
                    + "', or name the right one by IdentityFile in your ssh configuration";
        } else if (all.contains("could not resolve")) {
            mend = "nobody knows a machine of that name: mend 'ssh' of this host, or name it in your ssh configuration";
        } else if (all.contains("refused")
                || all.contains("timed out")
                || all.contains("no route")
                || all.contains("unreachable")) {
            mend = "it cannot be reached: look whether it is on and its sshd listens, or take it off the list";
        } else {
            mend = "try 'ssh " + host.ssh() + " true'";
        }
        return new HostTrouble(host, "ssh " + host.ssh() + ": " + mend + " (" + last + ")");
    }
}
