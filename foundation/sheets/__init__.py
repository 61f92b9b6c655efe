"""Spreadsheets that people bring: read from CSV or Excel, understood cell by cell, or refused by line and column."""
