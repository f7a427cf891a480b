package org.isofleet.deploy.study;

import org.isofleet.protocol.study.ImageSetRef;

/** Looks image sets up: how many training images there are, and their digest. */
@FunctionalInterface
public interface ImageCatalog {
    /**
     * The reference of a set at a resolution.
     *
     * @throws org.isofleet.protocol.study.InvalidSpecException when there is none, or it is damaged
     */
    ImageSetRef find(String location, int resolution);
}
