package org.isofleet.deploy.study;

import org.isofleet.protocol.study.ImageSetRef;
import org.isofleet.protocol.study.InvalidSpecException;

/** Image sets that this machine can open. */
public final class LocalImages implements ImageCatalog {
    @Override
    public ImageSetRef find(String location, int resolution) {
        throw new InvalidSpecException("images.location: cannot open " + location + " yet; plan with --images N");
    }
}
