"""Clockwise 顺时针: walkaround, repair and handover for a car workshop."""
