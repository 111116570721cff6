import { type CardGraph, layCards } from './card-layers';

self.onmessage = ({ data }: MessageEvent<CardGraph>) => self.postMessage(layCards(data));
